import { readDemo } from './demo/record.ts';
import { Halt, orHalt } from './halt.ts';
import { describeCodes } from './start/board.ts';
import { homeOf } from './start/home.ts';

await orHalt(async () => {
  const demo = readDemo(homeOf(process.env).demo);
  if (demo?.complete !== true) throw new Halt('There is no demo yet: npm start makes one.');
  console.log(describeCodes(demo, Date.now()));
  await Promise.resolve();
});
