import { checkChannelConfig } from '../channels';
import { BadConfig, loadConfig, type Config } from '../platform/config';
import { accountFindings } from './doctor/accounts';
import { articleFindings, flowFindings } from './doctor/content';
import { problem, reported, type Finding } from './doctor/finding';
import { policyFindings } from './doctor/policies';
import { redisFindings } from './doctor/redis';
import { nodeFindings, serverFindings } from './doctor/server';
import { storeFindings } from './doctor/store';

/** `npm run doctor`: looks at everything that can be wrong with an installation. Exits 1 when something is. */
async function main(): Promise<void> {
  const findings: Finding[] = [];
  const tell = (more: Finding[]) => {
    for (const finding of more) console.log(reported(finding));
    findings.push(...more);
  };
  tell(nodeFindings(process.versions.node));
  const config = readConfig(tell);
  if (config) for (const check of checks) tell(await check(config));
  const count = (state: Finding['state']) => findings.filter((one) => one.state === state).length;
  console.log(`\n${count('problem')} problems, ${count('warning')} warnings, ${count('ok')} in order`);
  // Connections to platforms that are kept open would hold the process.
  process.exit(count('problem') > 0 ? 1 : 0);
}

const checks: ((config: Config) => Finding[] | Promise<Finding[]>)[] = [
  articleFindings,
  flowFindings,
  policyFindings,
  storeFindings,
  redisFindings,
  serverFindings,
  accountFindings,
];

function readConfig(tell: (findings: Finding[]) => void): Config | null {
  try {
    const config = loadConfig(process.env, process.cwd(), checkChannelConfig);
    const what = config.configPath ?? 'none: the built-in demo';
    tell([{ area: 'configuration', state: 'ok', what }]);
    return config;
  } catch (error) {
    if (!(error instanceof BadConfig)) throw error;
    tell(
      error.problems.map(({ where, message }) =>
        problem('configuration', `${where}: ${message}`, 'correct it there, and run this again'),
      ),
    );
    return null;
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
