import type { Journey } from './journey';

/** Delivers a signed Telegram update of a kind that is not understood: it is quarantined. */
export async function deliverStrangeUpdate({ url, config }: Journey, marker: string): Promise<void> {
  const account = config.channels.find(({ id }) => id === 'acme-telegram');
  const answer = await fetch(`${url}/webhooks/acme-telegram`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-telegram-bot-api-secret-token': String(account?.configuration['secretToken']),
    },
    body: JSON.stringify({ update_id: Math.floor(Math.random() * 1e9), poll: { marker } }),
  });
  if (answer.status !== 200) throw new Error(`The webhook answered ${answer.status}.`);
}
