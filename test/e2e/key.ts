import type { BrowserContext, CDPSession, Page } from '@playwright/test';

/** The key in an officer's hand, in software, plugged into one page. */
export class HandKey {
  private constructor(
    private readonly session: CDPSession,
    private readonly authenticator: string,
  ) {}

  static async insert(page: Page): Promise<HandKey> {
    const session = await page.context().newCDPSession(page);
    await session.send('WebAuthn.enable');
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return new HandKey(session, authenticatorId);
  }

  /** How many passkeys it holds. */
  async held(): Promise<number> {
    return (await this.session.send('WebAuthn.getCredentials', { authenticatorId: this.authenticator })).credentials.length;
  }
}

/** From now on so many proofs of a context reach the server with a signature that is not the key's. */
export async function spoilProofs(context: BrowserContext, path: string, times: number): Promise<void> {
  await context.route(
    `**${path}`,
    async (route) => {
      const { ceremony, response: proof } = route.request().postDataJSON() as { ceremony: string; response: { response: { signature: string } } };
      const signature = `${proof.response.signature.startsWith('A') ? 'B' : 'A'}${proof.response.signature.slice(1)}`;
      await route.continue({ postData: JSON.stringify({ ceremony, response: { ...proof, response: { ...proof.response, signature } } }) });
    },
    { times },
  );
}
