import { describe, expect, it } from '@jest/globals';
import { HubError } from '@hub/contracts';
import { mongo } from 'mongoose';
import { isPassing, translate } from './errors.ts';

const server = (code: number, codeName: string, errorLabels: string[] = []) =>
  new mongo.MongoServerError({ message: 'of post 12 at db.example:27017', code, codeName, errorLabels });

describe('errors of MongoDB', () => {
  it.each([
    [new mongo.MongoNetworkError('connect ECONNREFUSED 10.0.0.1:27017'), 'store_unavailable'],
    [Object.assign(new Error('This socket has been ended by the other party'), { code: 'EPIPE' }), 'store_unavailable'],
    [server(10_107, 'NotWritablePrimary'), 'store_unavailable'],
    [server(112, 'WriteConflict', ['TransientTransactionError']), 'store_unavailable'],
    [server(251, 'NoSuchTransaction', ['TransientTransactionError']), 'store_unavailable'],
    [server(18, 'AuthenticationFailed'), 'invalid_config'],
    [server(13, 'Unauthorized'), 'invalid_config'],
    [server(14_031, 'OutOfDiskSpace'), 'storage_full'],
    [server(10_334, 'BSONObjectTooLarge'), 'payload_too_large'],
    [server(121, 'DocumentValidationFailure'), 'internal'],
  ])('%s is known as %s', (error, code) => {
    const translated = translate(error);
    expect(translated).toMatchObject({ code });
    expect(isPassing(error)).toBe(code === 'store_unavailable');
    expect((translated as HubError).message).not.toMatch(/post 12|example|10\.0/);
    expect((translated as HubError).cause).toBeUndefined();
  });

  it('leaves errors of the program as they are', () => {
    const bugs = [new TypeError('x'), Object.assign(new Error('x'), { code: 'ERR_INVALID_ARG_TYPE' }), 'text'];
    for (const bug of bugs) {
      expect(translate(bug)).toBe(bug);
      expect(isPassing(bug)).toBe(false);
    }
  });

  it('looks for what made a whole bulk write fail', () => {
    const lost = new mongo.MongoNetworkError('read ECONNRESET');
    expect(isPassing(new mongo.MongoBulkWriteError(lost, {} as mongo.BulkWriteResult))).toBe(true);
  });
});
