import { checkChannelConfig } from '../channels';
import { BadConfig, loadConfig } from '../platform/config';

/** Exits 1 and names every problem of the configuration; opens nothing. */
function main(): void {
  try {
    loadConfig(process.env, process.cwd(), checkChannelConfig);
  } catch (error) {
    if (!(error instanceof BadConfig)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

main();
