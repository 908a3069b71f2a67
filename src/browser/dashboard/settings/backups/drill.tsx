/** The weekly drill: whether the newest backup could be put back. */
import type { BackupsAnswer } from '../../../../protocol/backups.ts';
import { clock } from '../../list/clock.ts';
import { agoOf } from '../ledger/when.ts';
import { words } from './words.ts';

export function Drill({ drill, isDrillMissing }: Pick<BackupsAnswer, 'drill' | 'isDrillMissing'>) {
  return (
    <section class="backup-drill" aria-labelledby="backup-drill">
      <h3 id="backup-drill">{words.drill}</h3>
      <p class="soft">{words.drillHow}</p>
      {isDrillMissing && <p class="warned">{words.drillMissing}</p>}
      {drill === null ? (
        <p>{words.noDrill}</p>
      ) : (
        <>
          <p class="backup-head">
            <span class="row-name">{words.drillOf(drill.number)}</span>
            <span class={`backup-state ${drill.state === 'failed' ? 'broken' : 'whole'}`}>
              {words.drillStates[drill.state]}
            </span>
            <span class="soft">{agoOf(drill.begunAt, clock.value)}</span>
          </p>
          {drill.wrong !== null && <p class="backup-wrong">{words.wrong(drill.wrong)}</p>}
          <p class="soft">{drill.state === 'sealed' ? words.drillSealed : words.compared(drill)}</p>
        </>
      )}
    </section>
  );
}
