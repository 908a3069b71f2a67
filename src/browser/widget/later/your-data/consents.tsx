/** What they agreed to before they wrote, in which version, and taking it back. */
import type { OwnConsent } from '../../../../protocol/privacy.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { dayOf } from './dates.ts';
import type { OwnData } from './mine.ts';
import { useTrying } from './trying.ts';
import { words } from './words.ts';

interface Props {
  consents: readonly OwnConsent[];
  withdraw: (version: string) => void;
}

export function Consents({ consents, withdraw }: Props) {
  return (
    <section aria-labelledby="your-data-consent">
      <h3 id="your-data-consent">{words.consent}</h3>
      {consents.length === 0 && <p class="soft">{words.noConsent}</p>}
      {consents.map(({ version, at, withdrawnAt }) => (
        <div key={version} class="one">
          <p>
            {words.consented(version, dayOf(at))}
            {withdrawnAt !== null && ` ${words.withdrawn(dayOf(withdrawnAt))}`}
          </p>
          {withdrawnAt === null && <Button onPress={() => withdraw(version)}>{words.withdraw}</Button>}
        </div>
      ))}
    </section>
  );
}

interface WithdrawingProps {
  data: OwnData;
  version: string;
  back: (saying?: string) => void;
}

export function Withdrawing({ data, version, back }: WithdrawingProps) {
  const { busy, problem, attempt } = useTrying();
  const withdraw = () =>
    attempt(async () => {
      await data.withdraw(version);
      back(words.withdrew);
    });
  return (
    <section>
      <p>{words.withdrawText}</p>
      <Problem text={problem} />
      <div class="answers">
        <Button kind="danger" busy={busy} onPress={() => void withdraw()}>
          {words.withdrawDo}
        </Button>
        <Button kind="quiet" onPress={() => back()}>
          {words.back}
        </Button>
      </div>
    </section>
  );
}
