export interface Order {
  number: string;
  status: OrderStatus;
  statusText: Record<'zh-CN' | 'zh-TW' | 'en', string>;
  items: { sku: string; name: string; nameEn: string; quantity: number; price: number }[];
  total: number;
  currency: 'CNY';
  carrier: string | null;
  trackingNumber: string | null;
  /** The day it should arrive, `YYYY-MM-DD`. */
  eta: string | null;
  placedAt: string;
  phone: string;
}

const statusTexts = {
  awaiting_payment: { 'zh-CN': '待付款', 'zh-TW': '待付款', en: 'awaiting payment' },
  packed: { 'zh-CN': '已打包，等待揽收', 'zh-TW': '已打包，等待取件', en: 'packed, waiting for the carrier' },
  shipped: { 'zh-CN': '运输中', 'zh-TW': '運送中', en: 'on its way' },
  delivered: { 'zh-CN': '已签收', 'zh-TW': '已簽收', en: 'delivered' },
  cancelled: { 'zh-CN': '已取消', 'zh-TW': '已取消', en: 'cancelled' },
} as const;
export type OrderStatus = keyof typeof statusTexts;

const goods = {
  headphones: { sku: 'HP-200', name: '降噪耳机', nameEn: 'Noise-cancelling headphones', price: 599 },
  kettle: { sku: 'KT-15', name: '恒温电水壶', nameEn: 'Thermostatic kettle', price: 189 },
  lamp: { sku: 'LM-08', name: '护眼台灯', nameEn: 'Desk lamp', price: 239 },
  backpack: { sku: 'BP-31', name: '通勤双肩包', nameEn: 'Commuter backpack', price: 329 },
};

type Line = readonly [good: keyof typeof goods, quantity: number];
interface Seed {
  number: string;
  status: OrderStatus;
  lines: Line[];
  parcel?: readonly [carrier: string, trackingNumber: string, eta: string | null];
  placedAt: string;
  phone: string;
}

const seeds: Seed[] = [
  {
    number: '20261001001',
    status: 'shipped',
    lines: [['headphones', 1]],
    parcel: ['顺丰速运', 'SF1390028845621', '2026-11-26'],
    placedAt: '2026-11-22T02:15:00Z',
    phone: '13800138000',
  },
  {
    number: '20261001002',
    status: 'packed',
    lines: [
      ['kettle', 1],
      ['lamp', 2],
    ],
    placedAt: '2026-11-23T09:40:00Z',
    phone: '13800138000',
  },
  {
    number: '20261001003',
    status: 'delivered',
    lines: [['backpack', 1]],
    parcel: ['中通快递', 'ZT7731204498817', null],
    placedAt: '2026-11-15T12:05:00Z',
    phone: '13900139000',
  },
  {
    number: '20261001004',
    status: 'awaiting_payment',
    lines: [['lamp', 1]],
    placedAt: '2026-11-24T01:30:00Z',
    phone: '13700137000',
  },
  {
    number: '20261001005',
    status: 'cancelled',
    lines: [['kettle', 2]],
    placedAt: '2026-11-10T07:20:00Z',
    phone: '13700137000',
  },
  {
    number: '20261001006',
    status: 'delivered',
    lines: [
      ['headphones', 1],
      ['backpack', 1],
    ],
    parcel: ['顺丰速运', 'SF1390027716530', null],
    placedAt: '2026-11-18T03:55:00Z',
    phone: '13600136000',
  },
];

/** The orders that the demo shop has. */
export const orders: Order[] = seeds.map(({ number, status, lines, parcel, placedAt, phone }) => {
  const items = lines.map(([good, quantity]) => ({ ...goods[good], quantity }));
  const [carrier = null, trackingNumber = null, eta = null] = parcel ?? [];
  const total = items.reduce((sum, item) => sum + item.price * item.quantity, 0);
  const statusText = statusTexts[status];
  return {
    number,
    status,
    statusText,
    items,
    total,
    currency: 'CNY',
    carrier,
    trackingNumber,
    eta,
    placedAt,
    phone,
  };
});
