import { buildBrowser } from './build.ts';
import { inWords, measure } from './budgets.ts';
import { Halt, orHalt } from './halt.ts';

await orHalt(async () => {
  await buildBrowser();
  const measured = await measure();
  console.log(measured.map(inWords).join('\n'));
  const tooBig = measured.filter(({ bytes, budget }) => bytes > budget);
  if (tooBig.length > 0) throw new Halt(`Over budget: ${tooBig.map(({ what }) => what).join(', ')}.`);
});
