import {
  BookOpen,
  Inbox,
  MailWarning,
  type LucideIcon,
  MonitorDot,
  PlugZap,
  Ticket,
  UserRound,
  UsersRound,
  Workflow,
} from 'lucide-react';
import type { Role } from '../../../src/domain/role';

/** The rail, in its order. A screen shows for those whose role may use it. */
export const screens = [
  { to: '/inbox', name: 'inbox', icon: Inbox, allow: 'agent', key: 'I' },
  { to: '/wall', name: 'wall', icon: MonitorDot, allow: 'supervisor', key: 'W' },
  { to: '/tickets', name: 'tickets', icon: Ticket, allow: 'agent', key: 'T' },
  { to: '/customers', name: 'customers', icon: UserRound, allow: 'agent', key: 'C' },
  { to: '/knowledge', name: 'knowledge', icon: BookOpen, allow: 'agent', key: 'K' },
  { to: '/flows', name: 'flows', icon: Workflow, allow: 'agent', key: 'F' },
  { to: '/channels', name: 'channels', icon: PlugZap, allow: 'agent', key: 'H' },
  { to: '/dead-letters', name: 'dead-letters', icon: MailWarning, allow: 'supervisor', key: 'D' },
  { to: '/team', name: 'team', icon: UsersRound, allow: 'agent', key: 'M' },
] as const satisfies readonly { to: string; name: string; icon: LucideIcon; allow: Role; key: string }[];
