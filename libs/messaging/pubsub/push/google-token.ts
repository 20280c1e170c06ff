import { LoginTicket, OAuth2Client } from 'google-auth-library';

export interface GoogleTokenOptions {
  /** What the token must have been made for: the audience that the push subscription was given. */
  audience: string;
  /** E-mail of the service account that the push subscription was given. */
  serviceAccount: string;
  /** Where the issuer's certificates are; Google's own unless told. */
  certificatesUrl?: string;
}

export type Verdict = 'accepted' | 'no valid token' | 'another caller';

/** Checks the OpenID Connect token that Pub/Sub sends with each push, against Google's certificates, which it caches. */
export class GoogleToken {
  private readonly client: OAuth2Client;

  constructor(private readonly options: GoogleTokenOptions) {
    const url = options.certificatesUrl;
    this.client = new OAuth2Client(url === undefined ? {} : { endpoints: { oauth2FederatedSignonPemCertsUrl: url } });
  }

  /** @param authorization the header of that name */
  async judge(authorization: string | undefined): Promise<Verdict> {
    const [, idToken] = /^Bearer (\S+)$/i.exec(authorization ?? '') ?? [];
    const ticket = idToken === undefined ? undefined : await this.verified(idToken);
    const payload = ticket?.getPayload();
    if (payload === undefined) return 'no valid token';
    const isCaller = payload.email === this.options.serviceAccount && payload.email_verified === true;
    return isCaller ? 'accepted' : 'another caller';
  }

  private async verified(idToken: string): Promise<LoginTicket | undefined> {
    // Rejects also when the certificates cannot be fetched: that is for the caller to see.
    await this.client.getFederatedSignonCertsAsync();
    try {
      return await this.client.verifyIdToken({ idToken, audience: this.options.audience });
    } catch {
      // Forged, expired, or for somebody else: the library tells them apart by its texts alone.
      return undefined;
    }
  }
}
