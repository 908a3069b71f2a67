import { parseArgs } from 'node:util';
import { buildBrowser } from './build.ts';
import { obstacle, planDeployment, planInWords, readConfig } from './deploy/plan.ts';
import { databaseElsewhere, residencyObstacle, setUpElsewhere, whereItWasSetUp } from './deploy/residency.ts';
import { Halt, orHalt } from './halt.ts';
import { wrangler, wranglerSays } from './wrangler.ts';

await orHalt(async () => {
  const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } });
  const config = readConfig();
  const inTheWay = obstacle(config.vars['ORIGIN']) ?? residencyObstacle(config);
  if (!values['dry-run']) haltIf(inTheWay);

  await buildBrowser();
  console.log(planInWords(await planDeployment(config)));
  if (values['dry-run']) {
    if (inTheWay !== undefined) console.log(`In the way of the real thing: ${inTheWay}`);
    console.log('This was a dry run: nothing was sent anywhere.');
    return;
  }

  const nothingDone = 'It is not known where the database lies, and nothing was deployed.';
  haltIf(databaseElsewhere(config, await wranglerSays(nothingDone, ['d1', 'info', 'DB', '--json'])));
  // The database first: new code may need new columns, and old code bears them.
  await wrangler('The migrations were not applied and nothing was deployed.', [
    'd1',
    'migrations',
    'apply',
    'DB',
    '--remote',
  ]);
  const notDeployed = 'The migrations were applied, but the Worker was not deployed.';
  const asking = ['d1', 'execute', 'DB', '--remote', '--yes', '--json', '--command', whereItWasSetUp];
  haltIf(setUpElsewhere(config, await wranglerSays(notDeployed, asking)));
  await wrangler(notDeployed, ['deploy']);
});

function haltIf(inTheWay: string | undefined): void {
  if (inTheWay !== undefined) throw new Halt(inTheWay);
}
