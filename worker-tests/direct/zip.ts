/** A zip archive with one file in it (APPNOTE.TXT 4.3). `locked`: it says that it is encrypted. */
import { crc32, deflateRawSync } from 'node:zlib';

export function zipped(name: string, content: Uint8Array, locked = false): Buffer {
  const packed = deflateRawSync(content);
  const about = Buffer.concat([
    ...[u16(20), u16(locked ? 1 : 0), u16(8), u16(0), u16(0), u32(crc32(content))],
    ...[u32(packed.length), u32(content.length), u16(name.length), u16(0)],
  ]);
  const file = Buffer.concat([u32(0x04034b50), about, Buffer.from(name), packed]);
  const directory = Buffer.concat([
    ...[u32(0x02014b50), u16(20), about, u16(0), u16(0), u16(0), u32(0), u32(0), Buffer.from(name)],
  ]);
  const end = [u32(0x06054b50), u16(0), u16(0), u16(1), u16(1), u32(directory.length), u32(file.length)];
  return Buffer.concat([file, directory, ...end, u16(0)]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
