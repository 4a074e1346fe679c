/** The line types of sysusers.d(5): one row each with the columns it takes, for parser, completion, hover and docs. */

import type { Behaviour } from '../../versions/systemd.ts';

/** The columns of a line after its type. */
export type SysusersColumn = 'name' | 'id' | 'gecos' | 'home' | 'shell';

export const sysusersColumns: readonly SysusersColumn[] = ['name', 'id', 'gecos', 'home', 'shell'];

export interface SysusersLineType {
  /** The type as it is written, modifier included. */
  readonly type: 'u' | 'u!' | 'g' | 'm' | 'r';
  readonly letter: 'u' | 'g' | 'm' | 'r';
  readonly isLocked: boolean;
  /** The behaviour without which systemd refuses the type. */
  readonly needs?: Behaviour;
  /** What each column stands for; a column that is not listed must be empty or `-`. */
  readonly columns: Readonly<Partial<Record<SysusersColumn, ColumnUse>>>;
  /** One line for people. */
  readonly what: string;
  readonly manual: string;
}

interface ColumnUse {
  readonly isRequired: boolean;
  readonly what: string;
}

const userColumns: SysusersLineType['columns'] = {
  name: { isRequired: true, what: 'name of the user' },
  id: { isRequired: false, what: 'UID, UID:GID, UID:GROUP (UID may be -), or the path of a file whose owner to take' },
  gecos: { isRequired: false, what: 'description of the user' },
  home: { isRequired: false, what: 'home directory, / if not given' },
  shell: { isRequired: false, what: 'login shell; without one the user cannot log in, except root' },
};

export const sysusersLineTypes: readonly SysusersLineType[] = [
  {
    type: 'u',
    letter: 'u',
    isLocked: false,
    columns: userColumns,
    what: 'creates a system user, and a group of the same name unless another one is given',
    manual: 'sysusers.d(5)',
  },
  {
    type: 'u!',
    letter: 'u',
    isLocked: true,
    needs: 'sysusers-locked-user',
    columns: userColumns,
    what: 'creates a system user whose account is locked in every way, not only by its password',
    manual: 'sysusers.d(5)',
  },
  {
    type: 'g',
    letter: 'g',
    isLocked: false,
    columns: {
      name: { isRequired: true, what: 'name of the group' },
      id: { isRequired: false, what: 'GID, or the path of a file whose group to take' },
    },
    what: 'creates a system group',
    manual: 'sysusers.d(5)',
  },
  {
    type: 'm',
    letter: 'm',
    isLocked: false,
    columns: {
      name: { isRequired: true, what: 'name of the user, who is created if no line does' },
      id: { isRequired: true, what: 'name of the group, which is created if no line does' },
    },
    what: 'makes a user a member of a group',
    manual: 'sysusers.d(5)',
  },
  {
    type: 'r',
    letter: 'r',
    isLocked: false,
    columns: { id: { isRequired: true, what: 'id, or range of ids LOW-HIGH, that may be given out' } },
    what: 'adds to the ids that are given out to users and groups without one of their own',
    manual: 'sysusers.d(5)',
  },
];
