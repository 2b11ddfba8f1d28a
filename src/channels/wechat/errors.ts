import type { DeliveryErrorClass } from '../../domain/delivery';
import { failure } from '../host/failures';

/** Codes of WeChat's global return codes, by what they mean for a message. */
const classes: [DeliveryErrorClass, number[]][] = [
  ['token', [40001, 40014, 41001, 42001]],
  ['retry', [-1, 45009, 45011, 61450]],
  ['window', [45015, 45047]],
  ['recipient', [40003, 43004, 43019, 46004, 48002, 50005]],
];

/** Codes for which a new access token helps. */
export const isTokenError = (errcode: number): boolean => [40001, 40014, 42001].includes(errcode);

export function wechatFailure(errcode: number, errmsg: string): Error {
  const errorClass = classes.find(([, codes]) => codes.includes(errcode))?.[0] ?? 'permanent';
  return failure(errorClass, `WeChat: ${errcode} ${errmsg}`, { platformCode: String(errcode) });
}
