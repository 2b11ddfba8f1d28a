/** What the sandbox's control API answers. The page knows the sandbox by its HTTP alone. */
export interface Controls {
  offline: boolean;
  slowMs: number;
  fail: { count: number; status: 429 | 500; retryAfterSeconds: number };
  dropAnswers: number;
  deliveries: number;
  atOnce: boolean;
  badSignatures: number;
}

export interface PhoneMessage {
  id: string;
  platformId: string;
  at: string;
  from: 'customer' | 'account' | 'notice';
  kind: 'text' | 'image' | 'voice' | 'video' | 'document' | 'location' | 'link' | 'event';
  text: string;
  mediaId?: string;
  url?: string;
  buttons?: { label: string; data?: string; url?: string }[];
  delivery?: 'sending' | 'delivered' | 'refused';
  isEdited?: boolean;
}

export interface CustomerSummary {
  id: string;
  accountId: string;
  name: string;
  language: 'zh-CN' | 'zh-TW' | 'en';
  platformId: string;
  isGone: boolean;
  window: { closesAt: string; left: number } | null;
}
export type Customer = CustomerSummary & { messages: PhoneMessage[] };

export interface Account {
  id: string;
  type: 'wechat' | 'telegram' | 'webchat';
  name: string;
  controls: Controls;
  customers: Customer[];
}

/** The order system that flows ask. */
export interface Shop {
  controls: Controls;
  orders: { number: string; statusText: Record<'zh-CN' | 'zh-TW' | 'en', string> }[];
}

export interface SandboxState {
  now: string;
  publicUrl: string;
  url: string;
  accounts: Account[];
  shop: Shop;
}

export interface RecordedRequest {
  seq: number;
  at: string;
  direction: 'webhook' | 'api';
  accountId: string | null;
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
  status: number | null;
  responseHeaders: Record<string, string>;
  response: string;
  ms: number;
  verdict: { ok: boolean; reason: string };
}

export const tourSteps = ['answered', 'queued', 'taken', 'replied', 'resolved'] as const;
export type TourStep = (typeof tourSteps)[number];
export type TourProgress = Record<TourStep, boolean>;
