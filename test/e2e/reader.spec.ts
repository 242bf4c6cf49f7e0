import { BridgeSimulator } from '../support/bridge.js';
import { BridgeDaemon } from '../support/bridge-daemon.js';
import { nextSlot } from './change-over.js';
import { expect, test } from './fixtures.js';

test.describe('READER: a reader beside the terminal proves who acts', () => {
  test('the finger signs in after a try that failed; three strangers end at the PIN or an officer; a reader that is gone is said', async ({
    terminal,
    clerk,
    site,
  }) => {
    const reader = new BridgeSimulator('fingerprint');
    const bridge = new BridgeDaemon(reader, site.origins.cell);
    await bridge.start();
    try {
      const admin = await clerk('system-admin');
      const registration = { place: 'cell:0103', name: '指纹仪', reader: 'fingerprint', publicKey: reader.publicJwk };
      expect(await admin.act('reader.register', registration)).toMatchObject({ result: { reader: reader.id } });
      const wall = await terminal('0103');
      const { first, second } = await nextSlot(site, '0103');
      const bed = (no: number) => wall.press(new RegExp(`^${wall.say('common', 'place.bed', { bed: no })}`));

      bridge.next.push('no-match');
      await wall.openDuty(first.bed);
      await bed(first.bed);
      await wall.expectText('proof.retryFinger');
      await wall.press(wall.say('cell', 'proof.tryAgain'));
      await expect(wall.page.getByText(/已签到/).first()).toBeVisible();
      await wall.goHome();

      bridge.next.push('no-match', 'no-match', 'no-match');
      await wall.openDuty(second.bed);
      await bed(second.bed);
      for (let tries = 0; tries < 2; tries += 1) {
        await wall.expectText('proof.retryFinger');
        await wall.press(wall.say('cell', 'proof.tryAgain'));
      }
      await wall.expectText('proof.readerSpent');
      await wall.press(wall.say('cell', 'proof.usePin'));
      await wall.typePin(second.pin);
      await expect(wall.page.getByText(/已签到/).first()).toBeVisible();
      await wall.goHome();

      bridge.stop();
      await wall.press(wall.say('cell', 'mine.title'));
      await wall.chooseBed(first.bed);
      await wall.expectText('proof.readerOut');
      await wall.press(wall.say('cell', 'proof.usePin'));
      await wall.typePin(first.pin);
      await wall.expectText('mine.next');
      expect(bridge.refused).toEqual([]);
    } finally {
      bridge.stop();
    }
  });
});
