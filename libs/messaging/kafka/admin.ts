import type { Admin } from 'kafkajs';
import type { NewKafka } from './client.ts';
import { toHubError } from './errors.ts';

/** One connection for questions and topics; made anew after it failed. */
export class AdminConnection {
  private admin: Promise<Admin> | undefined;

  constructor(private readonly newKafka: NewKafka) {}

  /** Rejects with HubErrors. */
  async use<T>(action: (admin: Admin) => Promise<T>): Promise<T> {
    const connected = (this.admin ??= this.connect());
    try {
      return await action(await connected);
    } catch (error) {
      if (this.admin === connected) this.close();
      throw toHubError(error);
    }
  }

  close(): void {
    const { admin } = this;
    this.admin = undefined;
    // Nothing waits for it, and a broker that is away cannot be told.
    admin?.then((one) => one.disconnect()).catch(() => undefined);
  }

  private async connect(): Promise<Admin> {
    const admin = this.newKafka().admin();
    await admin.connect();
    return admin;
  }
}
