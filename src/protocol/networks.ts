/** Networks of IPv4 and IPv6 addresses, as whoever looks after an office writes them (RFC 4632, RFC 4291). */
import ipaddr from 'ipaddr.js';

/**
 * A network in its one spelling: an address, or the first one of a range and the length of its prefix. Undefined: it
 * is none. What else the library takes for an address (0x7f.1, zones) is not what anybody means here.
 */
export function networkFrom(text: string): string | undefined {
  const isVersion6 = text.includes(':');
  const range = text.includes('/') ? text : `${text}/${isVersion6 ? 128 : 32}`;
  const length = range.slice(range.indexOf('/') + 1);
  if (!/^(?:0|[1-9]\d{0,2})$/.test(length) || text.includes('%')) return undefined;
  if (!isVersion6) {
    const { IPv4 } = ipaddr;
    if (!IPv4.isValidCIDRFourPartDecimal(range)) return undefined;
    return `${IPv4.networkAddressFromCIDR(range).toString()}/${length}`;
  }
  const { IPv6 } = ipaddr;
  // An IPv4 address is compared as one, in whatever clothes it comes.
  if (!IPv6.isValidCIDR(range) || IPv6.parseCIDR(range)[0].isIPv4MappedAddress()) return undefined;
  return `${IPv6.networkAddressFromCIDR(range).toRFC5952String()}/${length}`;
}

/** Whether an address lies in one of these networks, each in its one spelling. */
export function isWithin(address: string, networks: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const wanted = ipaddr.process(address);
  return networks.some((network) => {
    const [first, length] = ipaddr.parseCIDR(network);
    return first.kind() === wanted.kind() && wanted.match(first, length);
  });
}
