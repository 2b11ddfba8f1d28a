import pino from 'pino';

export type Logger = pino.Logger;

/** Wherever these keys stand, their values never reach a log. We log ids, never what people wrote. */
const secretKeys = [
  'password',
  'token',
  'secret',
  'authorization',
  'cookie',
  'apiKey',
  'appSecret',
  'botToken',
  'secretToken',
  'encodingAesKey',
  'configuration',
  'text',
  'body',
];
const redact = secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

export function createLogger(level: string, to?: pino.DestinationStream): Logger {
  const options = { level, redact: { paths: redact, censor: '[redacted]' }, base: undefined };
  return to ? pino(options, to) : pino(options);
}

export const silentLogger: Logger = pino({ level: 'silent' });
