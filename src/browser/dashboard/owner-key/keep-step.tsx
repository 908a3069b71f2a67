/** The last step of an owner's enrolment where the organisation has no owner key: it is made, shown and kept. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { MyAnswer, NewOwnerKeyAnswer } from '../../../protocol/sign-in.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { inWords } from '../form/in-words.ts';
import type { Session } from '../session.ts';
import { Step } from '../sign-in/step.tsx';
import { words as mainWords } from '../words.ts';
import { ShownKey } from './shown-key.tsx';
import { words } from './words.ts';

export function KeepStep({ session }: { session: Session }) {
  const ownerKey = useSignal<string | null>(null);
  const problem = useSignal<string | null>(null);
  const back = useSignal('');
  const { api } = session;

  useEffect(() => {
    const make = async () => {
      const mine = await api.get<MyAnswer>('/api/v1/me/sign-in');
      if (mine.ownerKey === 'none')
        ownerKey.value = (await api.post<NewOwnerKeyAnswer>('/api/v1/me/owner-key', {})).ownerKey;
      else session.goIn();
    };
    make().catch((error: unknown) => {
      problem.value = inWords(error);
    });
  }, [api, session, ownerKey, problem]);

  const goIn = () => {
    session.goIn();
    return Promise.resolve();
  };
  if (ownerKey.value === null)
    return (
      <Step title={words.keepTitle} startsAtHeading action={words.goOn} submit={goIn}>
        <p class="soft">{problem.value === null ? mainWords.loading : words.later}</p>
        <Problem text={problem.value} />
      </Step>
    );
  const keep = async () => {
    await api.post('/api/v1/me/owner-key/keep', { key: back.value });
    session.goIn();
  };
  return (
    <Step
      title={words.keepTitle}
      startsAtHeading
      action={words.kept}
      submit={keep}
      below={
        <Button kind="quiet" onPress={() => session.goIn()}>
          {words.later}
        </Button>
      }
    >
      <p>{words.keepWhy}</p>
      <p>{words.keepHow}</p>
      <ShownKey ownerKey={ownerKey.value} back={back} />
    </Step>
  );
}
