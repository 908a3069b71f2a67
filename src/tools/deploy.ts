import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { buildBrowser } from './build.ts';
import { obstacle, planDeployment, planInWords, readConfig } from './deploy/plan.ts';
import { Halt, orHalt } from './halt.ts';
import { ROOT, WRANGLER } from './project.ts';

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

/** Wrangler asks for an account in the browser where none is known, so the terminal is its own. */
function wrangler(failure: string, args: readonly string[]): Promise<void> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [WRANGLER, ...args], { cwd: ROOT, stdio: 'inherit' });
    child.once('error', failed);
    child.once('close', (code) => {
      if (code === 0) done();
      else failed(new Halt(`${failure} Wrangler says why above.`));
    });
  });
}
