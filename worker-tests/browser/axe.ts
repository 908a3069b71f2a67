/** What the axe engine finds wrong with a screen (WCAG 2.2 A and AA, and its best practices). */
import axe from 'axe-core';
import type { Frame, Page } from 'playwright-core';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** One line for each fault: rule, impact, and where. Frames of other documents are looked at on their own. */
async function faultsOf(place: Page | Frame, without: readonly string[]): Promise<string[]> {
  if (!(await place.evaluate(() => 'axe' in window))) await place.evaluate(axe.source);
  const rules = Object.fromEntries(without.map((rule) => [rule, { enabled: false }]));
  return place.evaluate(
    async ([values, exceptions]) => {
      const engine = (window as unknown as { axe: typeof axe }).axe;
      const { violations } = await engine.run(document, {
        runOnly: { type: 'tag', values },
        rules: exceptions,
        iframes: false,
      });
      return violations.flatMap(({ id, impact, nodes }) =>
        nodes.map(
          ({ target, failureSummary }) =>
            `${id} (${String(impact)}) ${target.join(' ')}: ${failureSummary ?? ''}`,
        ),
      );
    },
    [tags, rules] as const,
  );
}

const desktop = { width: 1280, height: 800 };
const plain = { contrast: 'no-preference', forcedColors: 'none' } as const;

interface Look {
  name: string;
  colorScheme: 'light' | 'dark';
  contrast: 'more' | 'no-preference';
  forcedColors: 'active' | 'none';
  viewport: { width: number; height: number };
}

/** Every look that somebody may have chosen. */
const looks: readonly Look[] = (['light', 'dark'] as const).flatMap((colorScheme) => [
  { name: `${colorScheme}, desktop`, colorScheme, ...plain, viewport: desktop },
  { name: `${colorScheme}, phone`, colorScheme, ...plain, viewport: { width: 375, height: 720 } },
]);

/** What somebody may have asked of all that their machine shows, because they see it badly otherwise. */
const strongLooks: readonly Look[] = (['light', 'dark'] as const).flatMap((colorScheme) => [
  { name: `${colorScheme}, more contrast`, colorScheme, ...plain, contrast: 'more', viewport: desktop },
  { name: `${colorScheme}, own colours`, colorScheme, ...plain, forcedColors: 'active', viewport: desktop },
]);

/** The faults of what is on the screen now, in every look. */
export function faultsInEveryLook(screen: string, page: Page, place: Page | Frame = page): Promise<string[]> {
  return faultsIn(looks, screen, page, place);
}

/** The same where somebody has asked for more contrast, or for colours of their own. */
export function faultsInStrongLooks(
  screen: string,
  page: Page,
  place: Page | Frame = page,
): Promise<string[]> {
  return faultsIn(strongLooks, screen, page, place);
}

async function faultsIn(
  wanted: readonly Look[],
  screen: string,
  page: Page,
  place: Page | Frame,
): Promise<string[]> {
  const faults: string[] = [];
  for (const { name, viewport, ...media } of wanted) {
    await page.emulateMedia({ ...media, reducedMotion: 'reduce' });
    await page.setViewportSize(viewport);
    // There the browser chooses the colours, and axe asks for one that it does not choose.
    const without = media.forcedColors === 'active' ? ['color-contrast'] : [];
    // Colours on their way from one to another are nobody's.
    await place.waitForTimeout(100);
    for (const fault of await faultsOf(place, without)) faults.push(`${screen}, ${name}: ${fault}`);
  }
  await page.emulateMedia(plain);
  await page.setViewportSize(desktop);
  return faults;
}
