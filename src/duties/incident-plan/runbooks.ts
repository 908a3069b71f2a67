/** The runbooks: what to do when something has happened, for each kind of incident. */
import type { IncidentKind, Runbook } from '../../protocol/incidents.ts';
import { account } from './runbooks/account.ts';
import { device } from './runbooks/device.ts';
import { exported } from './runbooks/export.ts';
import { file } from './runbooks/file.ts';
import { key } from './runbooks/key.ts';
import { brokenLedger } from './runbooks/ledger.ts';
import { misdirected } from './runbooks/misdirected.ts';
import { other } from './runbooks/other.ts';
import { outage } from './runbooks/outage.ts';
import { vendor } from './runbooks/vendor.ts';

export const runbooks: Readonly<Record<IncidentKind, Runbook>> = {
  ...{ account, key, file, export: exported, device, vendor, brokenLedger, outage, misdirected, other },
};
