import { EventEmitter } from 'node:events';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { SandboxAccount } from '../options';
import { castOf, customerOf } from './cast';
import type { Customer } from './customer';
import type { NewPhoneMessage, PhoneMessage } from './phone-message';

const MAX_MESSAGES = 200;
const MAX_CUSTOMERS = 300;
const COUNTER_EPOCH = Date.UTC(2025, 0, 1);

interface PhoneEvents {
  message: [customer: Customer, message: PhoneMessage];
  typing: [customer: Customer];
  /** Something besides the messages changed: a window, a block, a new customer. */
  customer: [customer: Customer];
  reset: [];
}

interface SavedPhones {
  counter: number;
  customers: Customer[];
}

/** Every customer's phone: what it sent and what its platform received for it. Survives a restart. */
export class Phones extends EventEmitter<PhoneEvents> {
  private readonly file: string;
  private readonly customers = new Map<string, Customer>();
  private counter: number;
  private isSaving = false;

  constructor(
    dataDir: string,
    private readonly accounts: SandboxAccount[],
    private readonly now: () => Date,
  ) {
    super();
    // Journeys wait on many phones at once.
    this.setMaxListeners(0);
    mkdirSync(dataDir, { recursive: true });
    this.file = path.join(dataDir, 'phones.json');
    const saved = readSaved(this.file);
    // Ids follow the time too: a counter that a crash kept from the disk must not come again.
    this.counter = Math.max(saved.counter, Math.floor((now().getTime() - COUNTER_EPOCH) / 100));
    const known = new Set(accounts.map((account) => account.id));
    for (const customer of saved.customers) if (known.has(customer.accountId)) this.keep(customer);
    this.addCast();
  }

  list(): Customer[] {
    return [...this.customers.values()];
  }

  get(id: string): Customer | undefined {
    return this.customers.get(id);
  }

  /** Whom an openid or chat id of this account belongs to. */
  find(accountId: string, platformId: string): Customer | undefined {
    return this.list().find((one) => one.accountId === accountId && one.platformId === platformId);
  }

  /** The customer of that name, who is created when missing. */
  meet(account: SandboxAccount, name: string, language: Customer['language'] = 'zh-CN'): Customer {
    const customer = customerOf(account, { name, language });
    const known = this.customers.get(customer.id);
    if (known) return known;
    this.keep(customer);
    this.changed(customer);
    return customer;
  }

  /** A number that never comes again; the platforms' message and update ids are made of it. */
  nextNumber(): number {
    this.counter += 1;
    return this.counter;
  }

  post(customer: Customer, content: NewPhoneMessage): PhoneMessage {
    const message = { ...content, id: `pm_${this.nextNumber()}`, at: this.now().toISOString() };
    customer.messages.push(message);
    customer.messages.splice(0, customer.messages.length - MAX_MESSAGES);
    this.show(customer, message);
    return message;
  }

  /** Tells that a message was posted or changed. */
  show(customer: Customer, message: PhoneMessage): void {
    this.save();
    this.emit('message', customer, message);
  }

  showTyping(customer: Customer): void {
    this.emit('typing', customer);
  }

  changed(customer: Customer): void {
    this.save();
    this.emit('customer', customer);
  }

  /** Back to the first cast with empty phones. */
  reset(): void {
    this.customers.clear();
    this.addCast();
    this.save();
    this.emit('reset');
  }

  flush(): void {
    const saved: SavedPhones = { counter: this.counter, customers: this.list() };
    writeFileSync(`${this.file}.next`, JSON.stringify(saved));
    renameSync(`${this.file}.next`, this.file);
  }

  private addCast(): void {
    for (const customer of this.accounts.flatMap(castOf))
      if (!this.customers.has(customer.id)) this.keep(customer);
  }

  private keep(customer: Customer): void {
    const [oldest] = this.customers.keys();
    if (oldest && this.customers.size >= MAX_CUSTOMERS) this.customers.delete(oldest);
    this.customers.set(customer.id, customer);
  }

  /** Many changes of one turn of the event loop are one write. */
  private save(): void {
    if (this.isSaving) return;
    this.isSaving = true;
    setImmediate(() => {
      this.isSaving = false;
      this.flush();
    });
  }
}

function readSaved(file: string): SavedPhones {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as SavedPhones;
  } catch {
    // A first start, or a file torn by hand: the phones begin empty.
    return { counter: 0, customers: [] };
  }
}
