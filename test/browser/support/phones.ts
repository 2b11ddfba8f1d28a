import { until } from '../../support/until';

export interface PhoneMessage {
  id: string;
  from: 'customer' | 'account' | 'notice';
  text: string;
  delivery?: string;
}
interface Customer {
  id: string;
  name: string;
  platformId: string;
  messages: PhoneMessage[];
}
export interface Exchange {
  seq: number;
  direction: 'webhook' | 'api';
  accountId: string | null;
  url: string;
  status: number | null;
  body: string;
}

/** The customers' phones, as the sandbox of the running server keeps them. */
export class Phones {
  constructor(private readonly url: () => string) {}

  of(accountId: string, name: string): Phone {
    return new Phone(this, accountId, name);
  }

  async customers(accountId: string): Promise<Customer[]> {
    const { accounts } = await this.get<{ accounts: { id: string; customers: Customer[] }[] }>('/state');
    return accounts.find(({ id }) => id === accountId)?.customers ?? [];
  }

  async requests(): Promise<Exchange[]> {
    return (await this.get<{ items: Exchange[] }>('/requests?after=0')).items;
  }

  control(accountId: string, changes: object): Promise<unknown> {
    return this.post(`/controls/${accountId}`, changes);
  }

  reset(): Promise<unknown> {
    return this.post('/reset', {});
  }

  async get<T>(path: string): Promise<T> {
    const answer = await fetch(`${this.url()}/sandbox/api${path}`);
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    return (await answer.json()) as T;
  }

  async post<T>(path: string, body: object): Promise<T | null> {
    const answer = await fetch(`${this.url()}/sandbox/api${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.status === 204 ? null : ((await answer.json()) as T);
  }
}

export class Phone {
  constructor(
    private readonly phones: Phones,
    private readonly accountId: string,
    readonly name: string,
  ) {}

  async customer(): Promise<Customer> {
    const all = await this.phones.customers(this.accountId);
    const known = all.find(({ name }) => name === this.name);
    if (known) return known;
    const { accountId, name } = this;
    return (await this.phones.post<Customer>('/customers', { accountId, name })) as Customer;
  }

  say(text: string): Promise<void> {
    return this.do({ kind: 'text', text });
  }

  async do(act: { kind: string; [detail: string]: string }): Promise<void> {
    const { id } = await this.customer();
    await this.phones.post(`/customers/${id}/send`, act);
  }

  /** What the account sent to this phone, oldest first. */
  async received(): Promise<PhoneMessage[]> {
    return (await this.customer()).messages.filter(({ from }) => from === 'account');
  }

  /** Waits until a text has arrived, and answers how many copies of it there are. */
  async copiesOf(text: string): Promise<number> {
    const shown = await until(
      () => this.received(),
      (all) => all.some((one) => one.text.includes(text)),
    );
    return shown.filter((one) => one.text.includes(text)).length;
  }
}
