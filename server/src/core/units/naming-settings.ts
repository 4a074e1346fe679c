/** Settings whose words name accounts or directories: what rules and editor features look for in units. */

/** Settings that make a directory below a fixed one at start (systemd.exec(5), RuntimeDirectory=). */
export const directorySettings: Readonly<Record<string, string>> = {
  RuntimeDirectory: '/run',
  StateDirectory: '/var/lib',
  CacheDirectory: '/var/cache',
  LogsDirectory: '/var/log',
  ConfigurationDirectory: '/etc',
};

/** Settings that name an account, and of which kind. */
export const accountSettings: Readonly<Record<string, 'user' | 'group'>> = {
  User: 'user',
  Group: 'group',
  SupplementaryGroups: 'group',
  SocketUser: 'user',
  SocketGroup: 'group',
};
