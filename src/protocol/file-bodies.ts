/** HTTP bodies of files, what is asked and what is answered. */
import * as v from 'valibot';
import { reasonSchema, wellFormed } from './fields.ts';
import { authorSchema, fileSchema, messageSchema } from './frames.ts';
import { type FileId, messageIdSchema } from './ids.ts';
import { limits } from './limits.ts';

/** A file that is about to be sent. The same id again goes on with the same upload. */
export const uploadRequest = v.strictObject({
  id: messageIdSchema,
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(limits.fileNameLength), wellFormed),
  bytes: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(limits.fileBytes)),
  /** Its sender says that not everybody should see it at once. */
  sensitive: v.boolean(),
});
export type UploadRequest = v.InferOutput<typeof uploadRequest>;
/** Where an upload stands. A part is `partBytes` long, the last one what is left; they are counted from 0. */
export type UploadAnswer = { upload: { file: FileId; partBytes: number; parts: number; stored: number[] } };
export type PartAnswer = { stored: number[] };
export const sentAnswer = v.object({ message: messageSchema });
export type SentAnswer = v.InferOutput<typeof sentAnswer>;

export const filesAnswer = v.object({
  files: v.array(v.object({ seq: v.number(), at: v.number(), from: authorSchema, file: fileSchema })),
});
export type FilesAnswer = v.InferOutput<typeof filesAnswer>;

/** `save`: to be kept as a file, and not shown. `reason` is needed where a file is sensitive. */
export const openFileRequest = v.strictObject({
  as: v.picklist(['show', 'save']),
  reason: v.optional(reasonSchema),
});
/** Where the browser that asked can load the file, and until when, in Unix milliseconds. */
export type OpenFileAnswer = { address: string; until: number };
export const releaseRequest = v.strictObject({ reason: reasonSchema });
export type FileAnswer = { file: v.InferOutput<typeof fileSchema> };
