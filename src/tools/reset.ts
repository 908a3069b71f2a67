import { rmSync } from 'node:fs';
import { orHalt } from './halt.ts';
import { homeOf, shown } from './start/home.ts';
import { endLeftover } from './start/leftover.ts';

await orHalt(async () => {
  const home = homeOf(process.env);
  if (await endLeftover(home)) console.log('Ended the server of an earlier run that was killed.');
  for (const path of [home.state, home.demo, home.restored, home.mail, home.log, home.wrangler])
    rmSync(path, { recursive: true, force: true });
  console.log(
    `The data, the demo's people and the mails are gone. ${shown(home.secrets)} stays; npm start begins anew.`,
  );
});
