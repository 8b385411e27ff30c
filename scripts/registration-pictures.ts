import { mkdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { launchChromium } from '../test/support/registration/chromium';
import { emailStates, pageStates } from '../test/support/registration/page-states';

/*
 * Makes docs/images/registration-*.png, what a buyer sees: `npm run pictures`. Needs a Chromium, in CHROMIUM or where
 * Debian has it.
 */

const FOLDER = path.join(__dirname, '../docs/images');
/** Pages side by side, as on phones. */
const SHEETS: Readonly<Record<string, { readonly dark: boolean; readonly states: readonly string[] }>> = {
  'registration-light': { dark: false, states: ['form', 'form-problem', 'registered', 'already-registered'] },
  'registration-email': { dark: false, states: ['registered-email', 'email', 'confirm', 'confirmed'] },
  'registration-dark': { dark: true, states: ['form', 'registered', 'ended', 'refused-other-product'] },
};
const PHONE = { width: 375, height: 500 };
const DESKTOP = { width: 1024, height: 640 };

async function main(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const pages: Record<string, string> = { ...await pageStates(), ...await emailStates() };
  const browser = await launchChromium('--hide-scrollbars');
  for (const [name, { dark, states }] of Object.entries(SHEETS)) {
    const context = await browser.newContext({ viewport: PHONE, colorScheme: dark ? 'dark' : 'light', deviceScaleFactor: 2 });
    const phone = await context.newPage();
    const pictures: string[] = [];
    for (const state of states) {
      await phone.setContent(pages[state] ?? '');
      pictures.push((await phone.screenshot({ fullPage: true })).toString('base64'));
    }
    await context.close();
    const sheet = await browser.newPage({ viewport: { width: 1240, height: 300 } });
    await sheet.setContent(`<body style="margin:0;padding:20px;display:flex;gap:20px;align-items:start;background:${dark ? '#2a2d35' : '#d9dde3'}">${pictures
      .map((picture) => `<img style="width:285px;border-radius:12px" src="data:image/png;base64,${picture}">`).join('')}</body>`);
    await sheet.waitForFunction('[...document.images].every((image) => image.complete)');
    writeFileSync(path.join(FOLDER, `${name}.png`), await sheet.screenshot({ fullPage: true }));
    await sheet.close();
  }
  const desktop = await browser.newPage({ viewport: DESKTOP });
  await desktop.setContent(pages.registered ?? '');
  writeFileSync(path.join(FOLDER, 'registration-desktop.png'), await desktop.screenshot({ fullPage: true }));
  await browser.close();
}

void main();
