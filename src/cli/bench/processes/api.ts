import { Pool } from 'undici';
import { emails, secrets, type Ours } from './ours';

/** The REST API as the console calls it. */
export class Api {
  private constructor(
    private readonly pool: Pool,
    readonly token: string,
    readonly viewer: { agentId: string; role: 'admin' | 'agent'; teamIds: string[] },
  ) {}

  static async signIn(ours: Ours, role: 'admin' | 'agent' = 'admin'): Promise<Api> {
    const pool = new Pool(ours.url, { connections: 8 });
    const { body } = await pool.request({
      path: '/api/v1/session',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: emails[role], password: secrets.admin }),
    });
    const { token, agent } = (await body.json()) as { token: string; agent: { id: string } };
    return new Api(pool, token, { agentId: agent.id, role, teamIds: [] });
  }

  get = <T>(path: string): Promise<T> => this.call('GET', path);
  post = <T>(path: string, body: object): Promise<T> => this.call('POST', path, body);

  close = (): Promise<void> => this.pool.close();

  private async call<T>(method: 'GET' | 'POST', path: string, json?: object): Promise<T> {
    const { statusCode, body } = await this.pool.request({
      path: `/api/v1${path}`,
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...(json && { body: JSON.stringify(json) }),
    });
    if (statusCode >= 300) throw new Error(`${method} ${path}: ${statusCode} ${await body.text()}`);
    return (await body.json()) as T;
  }
}
