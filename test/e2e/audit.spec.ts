import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from './fixtures.js';

const VERIFY = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../apps/server/bin/audit-verify.mjs');

test('AUDIT: who looked at a person is found, opened and proved by the stand-alone program', async ({ officer, site }) => {
  const [someone] = site.demo.detainees;
  if (!someone) throw new Error('nobody is held');
  const desk = await officer('control-room');
  await desk.goTo('people');
  await desk.page.getByRole('searchbox', { name: desk.say('console', 'people.search') }).fill(someone.number);
  await desk.page.getByRole('rowheader', { name: someone.number }).click();
  await expect(desk.page.getByRole('dialog')).toContainText(someone.name);

  const auditor = await officer('audit-admin');
  await auditor.goTo('audit');
  const viewed = auditor.say('console', 'audit.actions.person.view');
  await auditor.find(auditor.page.getByRole('main'), auditor.say('console', 'audit.action'), viewed);
  const rows = auditor.page.getByRole('grid', { name: auditor.say('console', 'audit.title') }).getByRole('row');
  const seen = rows.filter({ hasText: viewed }).first();
  await expect(seen).toBeVisible();
  await seen.getByRole('rowheader').click();
  await expect(auditor.page.getByRole('complementary')).toContainText(auditor.say('console', 'audit.shown'));
  const proofButton = auditor.button(auditor.say('console', 'audit.downloadProof'));
  await expect(proofButton).toBeVisible();
  const started = auditor.page.waitForEvent('download');
  await proofButton.click();
  const folder = mkdtempSync(path.join(tmpdir(), 'sp-proof-'));
  const file = path.join(folder, 'proof.json');
  await (await started).saveAs(file);
  const checked = await promisify(execFile)(process.execPath, [VERIFY, '--proof', file], { env: { ...process.env, DATA_DIR: site.dataDir } });
  expect(checked.stdout).toContain('Everything agrees.');
  rmSync(folder, { recursive: true, force: true });
});
