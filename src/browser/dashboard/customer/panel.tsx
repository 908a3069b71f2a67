/** Whom one talks with: what they said of themselves, where they are, and what was between us before. */
import type { ComponentChildren } from 'preact';
import type { ConversationView } from '../../../protocol/frames.ts';
import { Time } from '../../ui/time.tsx';
import { clock } from '../list/clock.ts';
import type { Here } from '../conversation/doing.ts';
import { offeredIn, placeOf } from '../conversation/what-may.ts';
import { everMay, may } from '../rights.ts';
import { ledgerAddress, settingsAddress } from '../route.ts';
import { BanCustomer } from './ban.tsx';
import { Copies } from './copies.tsx';
import { Details } from './details.tsx';
import { Earlier } from './earlier.tsx';
import { Files } from './files.tsx';
import { Hold } from './hold.tsx';
import { MailConversation } from './mail.tsx';
import { languageOf, localTime } from './local.ts';
import './panel.css';
import { Restriction } from './restriction.tsx';
import { Tags } from './tags.tsx';
import { words } from './words.ts';

const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export function CustomerPanel(here: Here) {
  return (
    // Long enough to scroll, and so to be reached by a keyboard.
    <aside class="customer" aria-label={words.customer} tabIndex={0}>
      <Content {...here} />
    </aside>
  );
}

function Content(here: Here) {
  const { room, desk } = here;
  const conversation = room.client.conversation.value;
  if (conversation?.staff === undefined) {
    const stopped = room.client.connection.value.is === 'stopped';
    return <p class="soft">{stopped ? words.nothing : words.loading}</p>;
  }
  const { customer, tags, restricted = false } = conversation.staff;
  const me = desk.person.value;
  return (
    <>
      <Details
        here={here}
        customer={customer}
        mayChange={offeredIn(room, 'customer', me)}
        seesAddress={may(me, 'customer.address', placeOf(conversation))}
      />
      <Facts {...here} conversation={conversation} staff={conversation.staff} />
      {customer.answers.length > 0 && (
        <section aria-label={words.answers}>
          <h3>{words.answers}</h3>
          <dl class="asked">
            {customer.answers.map(({ question, answer }, index) => (
              <div key={index}>
                <dt dir="auto">{question}</dt>
                <dd dir="auto">{answer}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      <Tags here={here} tags={tags} mayChange={offeredIn(room, 'tag', me)} />
      <Files key={`files of ${conversation.id}`} here={here} />
      <Earlier key={conversation.id} here={here} />
      {!room.silent.value && (
        <MailConversation
          key={`mail of ${conversation.id}`}
          here={here}
          isProved={Boolean(customer.proof?.address)}
        />
      )}
      <Hold here={here} hold={conversation.staff.hold} mayChange={offeredIn(room, 'hold', me)} />
      {everMay(me, 'ledger.read') && (
        <p>
          <a href={ledgerAddress({ about: conversation.id, action: 'conversation.read' })}>{words.readers}</a>
        </p>
      )}
      {everMay(me, 'privacy.answer') && <Restriction key={`restriction of ${conversation.id}`} here={here} />}
      {everMay(me, 'privacy.answer') && (
        <p>
          <a href={settingsAddress('privacy', conversation.id)}>{words.asksAboutData}</a>
        </p>
      )}
      {may(me, 'customer.copy') && (
        <Copies key={`copies for ${conversation.id}`} here={here} visitor={conversation.staff.visitor} />
      )}
      {!room.silent.value && !restricted && may(me, 'visitor.ban', placeOf(conversation)) && (
        <BanCustomer key={conversation.id} here={here} customer={customer} />
      )}
    </>
  );
}

type Staff = NonNullable<ConversationView['staff']>;

function Facts({ desk, conversation, staff }: Here & { conversation: ConversationView; staff: Staff }) {
  const { page, site, startedAt, rating } = conversation;
  const { customer, consent, team } = staff;
  const several = (desk.teams.value?.size ?? 0) > 1;
  return (
    <dl class="facts">
      {page !== null && <Fact name={words.page}>{pageLink(page)}</Fact>}
      <Fact name={words.site}>{desk.sites.value.get(site)?.name}</Fact>
      {several && <Fact name={words.team}>{desk.teams.value?.get(team)?.name}</Fact>}
      <Fact name={words.language}>{languageOf(customer.language)}</Fact>
      <Fact name={words.localTime}>{localTime(customer.timeZone, clock.value)}</Fact>
      <Fact name={words.started}>
        <Time at={startedAt} />
      </Fact>
      {consent !== null && (
        <Fact name={words.consent}>
          {words.consented(consent.version, when.format(consent.at))}
          {consent.withdrawnAt !== undefined && ` ${words.withdrawn(when.format(consent.withdrawnAt))}`}
        </Fact>
      )}
      {rating !== null && (
        <Fact name={words.rating}>
          {words.rated(rating.score)}
          {rating.comment !== null && <q dir="auto">{rating.comment}</q>}
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children ?? words.notSaid}</dd>
    </div>
  );
}

/** Its text is what the customer's browser sent; only a web address leads anywhere. */
function pageLink(page: string) {
  if (!/^https?:\/\//.test(page)) return page;
  return (
    <a href={page} target="_blank" rel="noopener noreferrer nofollow">
      {page}
    </a>
  );
}
