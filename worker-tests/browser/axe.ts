/** What the axe engine finds wrong with a screen (WCAG 2.2 A and AA, and its best practices). */
import axe from 'axe-core';
import type { Frame, Page } from 'playwright-core';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** One line for each fault: rule, impact, and where. Frames of other documents are looked at on their own. */
async function faultsOf(place: Page | Frame): Promise<string[]> {
  if (!(await place.evaluate(() => 'axe' in window))) await place.evaluate(axe.source);
  return place.evaluate(async (values) => {
    const engine = (window as unknown as { axe: typeof axe }).axe;
    const { violations } = await engine.run(document, {
      runOnly: { type: 'tag', values },
      iframes: false,
    });
    return violations.flatMap(({ id, impact, nodes }) =>
      nodes.map(
        ({ target, failureSummary }) =>
          `${id} (${String(impact)}) ${target.join(' ')}: ${failureSummary ?? ''}`,
      ),
    );
  }, tags);
}

/** Every look that somebody may have chosen. */
const looks = (['light', 'dark'] as const).flatMap((colorScheme) => [
  { name: `${colorScheme}, desktop`, colorScheme, viewport: { width: 1280, height: 800 } },
  { name: `${colorScheme}, phone`, colorScheme, viewport: { width: 375, height: 720 } },
]);

/** The faults of what is on the screen now, in every look. */
export async function faultsInEveryLook(
  screen: string,
  page: Page,
  place: Page | Frame = page,
): Promise<string[]> {
  const faults: string[] = [];
  for (const { name, colorScheme, viewport } of looks) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize(viewport);
    // Colours on their way from one to another are nobody's.
    await place.waitForTimeout(100);
    for (const fault of await faultsOf(place)) faults.push(`${screen}, ${name}: ${fault}`);
  }
  const [first] = looks;
  if (first !== undefined) await page.setViewportSize(first.viewport);
  return faults;
}
