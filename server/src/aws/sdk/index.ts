import { Clients } from './clients';
import type { Connection, ConnectOptions } from './connection';
import { LiveGateway } from './liveGateway';
import { LiveWriter } from './liveWriter';

/** Entry of dist/aws.js: everything that needs the SDK. Asks nothing of AWS until a method is called. */
export function connect(options: ConnectOptions = {}): Connection {
  // The SDK's advice on Node versions is for those who build with it, not for those who use what was built.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const clients = new Clients(options);
  return {
    gateway: new LiveGateway(clients),
    writer: new LiveWriter(clients),
    region: clients.region,
    profile: clients.profile,
    shell: clients.shell,
  };
}
