/** A conversation's files as they are known: their rows, and what is sealed of them, opened once it is asked for. */
import { logFault } from '../../log.ts';
import type { FileView } from '../../protocol/frames.ts';
import type { FileId } from '../../protocol/ids.ts';
import { bind, type FileKey, fileKeyPlace, type FilePlace, namedKey, type Vault } from '../../vault.ts';
import { filePlace, type FileRow } from '../files.ts';
import type { ConversationRow, History } from './history.ts';

export type About = NonNullable<FileView['about']>;

export class FileBook {
  readonly #history: History;
  readonly #vault: () => Promise<Vault>;
  readonly #conversation: () => Pick<ConversationRow, 'id'>;
  readonly #opened = new Map<FileId, About>();
  #rows: Map<FileId, FileRow> | undefined;

  constructor(
    history: History,
    vault: () => Promise<Vault>,
    conversation: () => Pick<ConversationRow, 'id'>,
  ) {
    this.#history = history;
    this.#vault = vault;
    this.#conversation = conversation;
  }

  get #all(): Map<FileId, FileRow> {
    this.#rows ??= new Map(this.#history.files.all().map((row) => [row.id, row]));
    return this.#rows;
  }

  rows(): FileRow[] {
    return [...this.#all.values()];
  }

  get(id: FileId): FileRow | undefined {
    return this.#all.get(id);
  }

  /** The file that the message of this number is. */
  at(seq: number): FileRow | undefined {
    return this.rows().find((row) => row.seq === seq);
  }

  /**
   * When the first of them is over of which anything is left, whatever keeps it; null: there is none.
   * @param file one as it will be
   * @param dropped one that will be no more
   */
  due(file?: FileRow, dropped?: FileId): number | null {
    const rows = [
      ...this.rows().filter(({ id }) => id !== file?.id && id !== dropped),
      ...(file ? [file] : []),
    ];
    const ends = rows.flatMap(({ state, swept, until }) => (state === 'gone' && swept ? [] : [until]));
    return ends.length === 0 ? null : Math.min(...ends);
  }

  /** This row is committed. */
  committed(row: FileRow): void {
    this.#all.set(row.id, row);
    this.#opened.delete(row.id);
  }

  /** This row is dropped: of what was never sent nothing is left. */
  forget(id: FileId): void {
    this.#all.delete(id);
    this.#opened.delete(id);
  }

  async newKey(id: FileId): Promise<{ key: FileKey; record: Uint8Array }> {
    return (await this.#vault()).newFileKey(this.#placeOf(id));
  }

  async keyOf({ id, record }: FileRow): Promise<FileKey> {
    return (await this.#vault()).fileKey(this.#placeOf(id), record);
  }

  /** Those records that lie under this service key, and the same ones under the active one. */
  async rewrapped(from: number): Promise<Map<Uint8Array, Uint8Array>> {
    const vault = await this.#vault();
    const moved = new Map<Uint8Array, Uint8Array>();
    for (const { id, record } of this.rows())
      if (record.length > 0 && namedKey(record) === from)
        moved.set(record, await vault.rewrap(fileKeyPlace(this.#placeOf(id)), record));
    return moved;
  }

  /** What is known of a file, sealed. */
  sealedAbout(key: FileKey, id: FileId, about: About): Promise<Uint8Array> {
    return key.sealText(this.#aboutPlace(id), JSON.stringify(about));
  }

  /** Null once its key is destroyed. */
  async aboutOf(row: FileRow): Promise<About | null> {
    if (row.record.length === 0) return null;
    const known = this.#opened.get(row.id);
    if (known !== undefined) return known;
    const text = await (await this.keyOf(row)).openText(this.#aboutPlace(row.id), row.about);
    const about = JSON.parse(text) as About;
    // It may have been destroyed meanwhile.
    if (this.get(row.id)?.record === row.record) this.#opened.set(row.id, about);
    return about;
  }

  /** The file that the message of this number is, as everybody sees it. */
  async viewAt(seq: number): Promise<FileView | undefined> {
    const row = this.at(seq);
    return row === undefined ? undefined : this.view(row);
  }

  /** What has become of those that were sent up to this number. */
  async sentUpTo(seq: number): Promise<{ seq: number; file: FileView }[]> {
    const sent = this.rows().flatMap((row) =>
      row.seq !== null && row.seq <= seq ? [{ seq: row.seq, row }] : [],
    );
    return Promise.all(sent.map(async (each) => ({ seq: each.seq, file: await this.view(each.row) })));
  }

  async view(row: FileRow): Promise<FileView> {
    const { id, bytes, state, until, end } = row;
    if (state === 'uploading') throw new Error('this file was not sent yet');
    return {
      id,
      bytes,
      state,
      until,
      ...(end !== null && { end }),
      about: await this.aboutOf(row).catch(notToBeOpened),
    };
  }

  #placeOf(id: FileId): FilePlace {
    return filePlace(this.#conversation().id, id);
  }

  #aboutPlace(id: FileId): Uint8Array {
    return bind('sotto/file/1', this.#placeOf(id));
  }
}

/** What can't be opened of one file keeps nobody from the rest of its conversation. */
function notToBeOpened(error: unknown): null {
  logFault('conversation.file', error);
  return null;
}
