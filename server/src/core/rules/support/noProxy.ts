/** The addresses of the Pod Identity agent in a cluster of IPv4, and of IPv6. Source: EKS user guide, pod-id-how-it-works. */
export const agentAddresses = ['169.254.170.23', '[fd00:ec2::23]'] as const;

const [agent] = agentAddresses;

/**
 * Whether a value of NO_PROXY may cover the agent: an address, a network or a pattern that holds one of its addresses. What
 * only some programs understand counts.
 */
export function coversAgent(value: string): boolean {
  return value.split(/[\s,;|]+/).some((entry) => entry !== '' && entryCovers(entry.toLowerCase().replace(/^["']|["']$/g, '')));
}

function entryCovers(entry: string): boolean {
  const bare = entry.replace(/^https?:\/\//, '').replace(/^\[([^\]]*)\](?::\d+)?$/, '$1');
  if (bare.includes(':') && !/^[\d.]+:\d+$/.test(bare)) return bare.startsWith('fd00:ec2:') || /^(?:fd00|::)[:\d]*\/\d+$/.test(bare);
  const [address = '', bits] = bare.replace(/:\d+$/, '').split('/');
  if (bits !== undefined) return inNetwork(address, Number(bits));
  if (address.includes('*')) return matches(address);
  // A prefix without an asterisk (`169.254.`) is one for some programs.
  return address === agent || (/^\.?169\.254(?:\.170)?\.?$/.test(address) && address !== '');
}

/** Whether the agent's address is in a network of IPv4. */
function inNetwork(address: string, bits: number): boolean {
  const network = asNumber(address);
  if (network === undefined || !Number.isInteger(bits) || bits < 0 || bits > 32) return false;
  const size = 2 ** (32 - bits);
  return Math.floor(network / size) === Math.floor(asNumber(agent)! / size);
}

function asNumber(address: string): number | undefined {
  const parts = address.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** Whether a pattern with asterisks matches the agent's address: what is before the first and behind the last is compared. */
function matches(pattern: string): boolean {
  const [before = '', ...others] = pattern.split('*');
  return agent.startsWith(before) && agent.endsWith(others[others.length - 1] ?? '');
}
