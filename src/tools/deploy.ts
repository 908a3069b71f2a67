import { parseArgs } from 'node:util';
import { buildBrowser } from './build.ts';
import { obstacle, planDeployment, planInWords, readConfig } from './deploy/plan.ts';
import { Halt, orHalt } from './halt.ts';
import { wrangler } from './wrangler.ts';

await orHalt(async () => {
  const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } });
  const config = readConfig();
  const inTheWay = obstacle(config.vars['ORIGIN']);
  if (!values['dry-run'] && inTheWay !== undefined) throw new Halt(inTheWay);

  await buildBrowser();
  console.log(planInWords(await planDeployment(config)));
  if (values['dry-run']) {
    if (inTheWay !== undefined) console.log(`In the way of the real thing: ${inTheWay}`);
    console.log('This was a dry run: nothing was sent anywhere.');
    return;
  }

  // The database first: new code may need new columns, and old code bears them.
  await wrangler('The migrations were not applied and nothing was deployed.', [
    'd1',
    'migrations',
    'apply',
    'DB',
    '--remote',
  ]);
  await wrangler('The migrations were applied, but the Worker was not deployed.', ['deploy']);
});
