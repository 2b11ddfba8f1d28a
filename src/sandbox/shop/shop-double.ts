import type { Controls } from '../faults';
import { type ApiAnswer, type ApiCall, jsonAnswer } from '../http/api-call';
import type { ApiDouble } from '../platform-double';
import { orders } from './orders';
import { Returns, returnRequest } from './returns';

/** The name under which the controls and the record know the shop. */
export const shopAccountId = 'shop';

/** The company's own order system, which flows call: `/orders` and `/returns`. */
export class ShopDouble implements ApiDouble {
  constructor(private readonly returns: Returns) {}

  accountOf() {
    return { id: shopAccountId };
  }

  isSend(): boolean {
    return true;
  }

  failure({ status, retryAfterSeconds }: Controls['fail']): ApiAnswer {
    const answer = problem(status, status === 429 ? 'rate_limited' : 'internal', 'Failed on order.');
    return { ...answer, headers: { ...answer.headers, 'retry-after': String(retryAfterSeconds) } };
  }

  async answer(call: ApiCall): Promise<ApiAnswer> {
    const [, collection, id] = call.path.split('/');
    if (collection === 'orders' && call.method === 'GET')
      return id ? orderAnswer(id) : ordersOf(call.query.get('phone'));
    if (collection !== 'returns') return problem(404, 'not_found', `No ${call.path}.`);
    if (call.method === 'POST' && !id) return this.requestReturn(call);
    const found = id ? this.returns.get(id) : undefined;
    return found ? jsonAnswer(200, found) : problem(404, 'not_found', `No return ${id ?? ''}.`);
  }

  private requestReturn(call: ApiCall): ApiAnswer {
    const request = returnRequest.safeParse(parseJson(call.body));
    if (!request.success) return problem(400, 'invalid_input', 'orderNumber and reason are needed.');
    const key = call.headers['idempotency-key'] ?? null;
    const before = this.returns.byKey(key);
    if (before) return jsonAnswer(200, before);
    const order = orders.find((one) => one.number === request.data.orderNumber);
    if (!order) return problem(404, 'not_found', `No order ${request.data.orderNumber}.`);
    if (order.status !== 'delivered' && order.status !== 'shipped')
      return problem(409, 'not_returnable', `Order ${order.number} is ${order.statusText.en}.`);
    return jsonAnswer(201, this.returns.create(request.data, key));
  }
}

function orderAnswer(number: string): ApiAnswer {
  const order = orders.find((one) => one.number === number);
  return order ? jsonAnswer(200, order) : problem(404, 'not_found', `No order ${number}.`);
}

function ordersOf(phone: string | null): ApiAnswer {
  if (!phone) return problem(400, 'invalid_input', 'phone is needed.');
  return jsonAnswer(200, { items: orders.filter((order) => order.phone === phone) });
}

function problem(status: number, code: string, message: string): ApiAnswer {
  return jsonAnswer(status, { error: { code, message } }, `${status} ${code}`);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
