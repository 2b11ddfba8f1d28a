import type { Request } from 'express';

/** One call of a platform's API, as it came over the wire. */
export interface ApiCall {
  method: string;
  /** Below the platform's base path. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  body: Buffer;
}

export interface ApiAnswer {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
  /** Why the platform refuses, for the record; absent when it accepts. */
  problem?: string;
}

export interface Upload {
  name: string;
  mimeType: string;
  bytes: Buffer;
}

export function readCall(request: Request): ApiCall {
  const url = new URL(request.url, 'http://double');
  return {
    method: request.method,
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
    headers: headersOf(request.headers),
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
  };
}

export function jsonAnswer(status: number, body: unknown, problem?: string): ApiAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
    problem,
  };
}

export function fileAnswer(file: Upload): ApiAnswer {
  const name = encodeURIComponent(file.name);
  return {
    status: 200,
    headers: {
      'content-type': file.mimeType,
      'content-disposition': `attachment; filename="${name}"; filename*=UTF-8''${name}`,
    },
    body: file.bytes,
  };
}

/** The fields of a multipart or urlencoded body: text as string, files as uploads. */
export async function readForm(call: ApiCall): Promise<Record<string, string | Upload>> {
  const type = call.headers['content-type'] ?? '';
  const form = await new Response(call.body, { headers: { 'content-type': type } }).formData();
  const fields: Record<string, string | Upload> = {};
  for (const [name, value] of form) fields[name] = typeof value === 'string' ? value : await uploadOf(value);
  return fields;
}

async function uploadOf(file: File): Promise<Upload> {
  return { name: file.name, mimeType: file.type, bytes: Buffer.from(await file.arrayBuffer()) };
}

export function headersOf(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) flat[name] = String(value);
  return flat;
}
