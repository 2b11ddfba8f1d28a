import { fileIdOf } from './content';
import { failure } from './failures';

/** The part of the SDK's client that reads a file of ours. */
export interface FileReader {
  getFile(of: { id: string }): Promise<{ file: { key: string; contentType: string; url: string } }>;
}

/** The bytes behind a payload's URL, for platforms that want them uploaded. @throws a permanent failure */
export async function readOwnFile(
  client: FileReader,
  url: unknown,
): Promise<{ name: string; contentType: string; bytes: Buffer }> {
  const id = fileIdOf(url);
  if (!id) throw failure('permanent', 'The message names no file of ours.');
  const { file } = await client.getFile({ id });
  const bytes = Buffer.from(file.url.slice(file.url.indexOf(',') + 1), 'base64');
  return { name: file.key, contentType: file.contentType, bytes };
}
