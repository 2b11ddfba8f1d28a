import { z } from 'zod';
import { type ApiCall, type Upload, readForm } from '../http/api-call';
import { badRequest } from './telegram-error';

export type Parameters = Record<string, unknown>;

/** The parameters of a method: query, JSON, urlencoded or multipart, as the Bot API takes them. */
export async function readParameters(call: ApiCall): Promise<Parameters> {
  const query = Object.fromEntries(call.query);
  if (call.body.length === 0) return query;
  const type = call.headers['content-type'] ?? '';
  if (type.startsWith('application/json')) return { ...query, ...parseJson(call.body.toString()) };
  const form = await readForm(call).catch(() => {
    throw badRequest('unsupported request body');
  });
  return { ...query, ...form };
}

/** Objects come as JSON text inside forms. */
export function objectParameter(value: unknown): unknown {
  return typeof value === 'string' ? parseJson(value) : value;
}

export function isUpload(value: unknown): value is Upload {
  return z.object({ bytes: z.instanceof(Buffer) }).safeParse(value).success;
}

function parseJson(text: string): Parameters {
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === 'object') return value as Parameters;
  } catch {
    throw badRequest("can't parse JSON object");
  }
  throw badRequest('object expected');
}
