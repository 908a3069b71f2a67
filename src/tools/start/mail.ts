import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly file: string;
}

/**
 * Keeps the mails that the local server would have sent. Wrangler says in its log when there is one and where its
 * text lies, and deletes that text when it ends; so each is copied at once into a folder that stays.
 */
export class Mailbox {
  readonly #folder: string;
  readonly #mails: Mail[] = [];
  readonly #waiting: ((mail: Mail) => void)[] = [];
  #headers: Map<string, string> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Hears every line of the server's log. */
  hear(line: string): void {
    if (line.includes('send_email binding called')) {
      this.#headers = new Map();
      return;
    }
    const headers = this.#headers;
    const field = /^(From|To|Subject|Text|Email): (.*)$/.exec(line);
    if (headers === undefined || field === null) return;
    headers.set(field[1] ?? '', field[2] ?? '');
    if (field[1] !== 'Text' && field[1] !== 'Email') return;
    this.#headers = undefined;
    this.#keep(field[1] === 'Email' ? wholeMail(field[2] ?? '') : headers);
  }

  onMail(tell: (mail: Mail) => void): void {
    this.#waiting.push(tell);
  }

  /** The newest mail to this address, waiting for one if there is none yet. */
  mailTo(address: string, timeoutMs: number): Promise<Mail> {
    const mail = this.#mails.findLast(({ to }) => to === address);
    if (mail !== undefined) return Promise.resolve(mail);
    return new Promise((found, failed) => {
      const timer = setTimeout(() => {
        failed(new Error(`No mail to ${address} arrived within ${timeoutMs / 1000} seconds`));
      }, timeoutMs);
      this.onMail((late) => {
        if (late.to !== address) return;
        clearTimeout(timer);
        found(late);
      });
    });
  }

  #keep(headers: ReadonlyMap<string, string>): void {
    const to = headers.get('To') ?? '';
    const subject = headers.get('Subject') ?? '';
    const text = headers.get('Whole') ?? textOf(headers.get('Text') ?? '');
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const number = String(this.#mails.length + 1).padStart(3, '0');
    const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
    const file = join(this.#folder, `${time}-${number}-${to.replaceAll(/[^\w.@+-]/g, '_')}.txt`);
    const lines = [`From: ${headers.get('From') ?? ''}`, `To: ${to}`, `Subject: ${subject}`, '', text];
    writeFileSync(file, lines.join('\n'), { mode: 0o600 });
    const mail = { to, subject, text, file };
    this.#mails.push(mail);
    for (const tell of this.#waiting) tell(mail);
  }
}

/** A mail that was handed over as it travels, with its own headers. */
function wholeMail(path: string): Map<string, string> {
  const whole = textOf(path);
  const headers = whole.split(/\r?\n\r?\n/)[0] ?? '';
  const fields = ['From', 'To', 'Subject'].map(
    (name) => [name, new RegExp(`^${name}: (.*?)\\r?$`, 'm').exec(headers)?.[1] ?? ''] as const,
  );
  return new Map([...fields, ['Whole', whole]]);
}

/** A mail whose text is gone already is kept without it: losing the tool over it would be worse. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return `(the text could not be read from ${path})`;
  }
}
