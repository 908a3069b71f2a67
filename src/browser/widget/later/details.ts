/** What comes with a customer's first message: what they said of themselves, and what their browser says. */
import type { BeginRequest } from '../../../protocol/bodies.ts';
import { limits } from '../../../protocol/limits.ts';
import type { Introduction } from '../introduction.ts';

type Details = Pick<BeginRequest, 'page' | 'customer' | 'consent'>;

/** What the server would not take is left out: a message must not fail for it. */
export function detailsOf(introduction: Introduction | null, page: string | undefined): Details {
  const { consent, ...said } = introduction ?? {};
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const { language } = navigator;
  return {
    ...(page === undefined || page.length > limits.pageLength ? {} : { page }),
    ...(consent === undefined ? {} : { consent }),
    customer: {
      ...said,
      ...(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(language) ? { language } : {}),
      // Some browsers hide it.
      ...(/^\w+\/(?!Unknown)|^UTC$/.test(timeZone) ? { timeZone } : {}),
    },
  };
}
