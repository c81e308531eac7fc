import { Clients } from './clients';
import type { Connection, ConnectOptions } from './connection';
import { LiveGateway } from './liveGateway';
import { LiveWriter } from './liveWriter';
import { readProfiles } from './profiles';

export { readProfiles };
/** For dist/cloudtrail.js, whose client takes it from here by the name that its package gives it: see scripts/build.mjs. */
export { fromNodeProviderChain as defaultProvider } from '@aws-sdk/credential-providers';

/** Entry of dist/aws.js: everything that needs the SDK. Asks nothing of AWS until a method is called. */
export async function connect(options: ConnectOptions = {}): Promise<Connection> {
  // The SDK's advice on Node versions is for those who build with it, not for those who use what was built.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const clients = new Clients(options, await readProfiles(options.env));
  return {
    gateway: new LiveGateway(clients),
    writer: new LiveWriter(clients),
    sdk: clients,
    region: clients.region,
    profile: clients.profile,
    shell: clients.shell,
  };
}
