import { expect, test } from 'vitest';
import { auditVerdict } from './audit.ts';

const WARNING = 'npm warn something\n';

test('nothing found is a pass', () => {
  expect(auditVerdict({ ok: true, output: '{}' })).toEqual({ is: 'passed' });
});

test('what the registry warns of is a failure that names the package', () => {
  const vulnerabilities = { left: { severity: 'high', range: '<1.2.3', via: [] } };
  const output = WARNING + JSON.stringify({ auditReportVersion: 2, vulnerabilities }, undefined, 2);
  expect(auditVerdict({ ok: false, output })).toEqual({ is: 'failed', why: 'high: left <1.2.3' });
});

test.each([
  ['405 Method Not Allowed - POST https://registry.example/audit', '405 Method Not Allowed'],
  ['request to https://registry.example/audit failed, reason: connect ECONNREFUSED', 'connect ECONNREFUSED'],
])('a registry that does not answer proves nothing either way: %s', (message, reason) => {
  const output = WARNING + JSON.stringify({ message, error: { summary: '', detail: '' } }, undefined, 2);
  expect(auditVerdict({ ok: false, output })).toEqual({
    is: 'not run',
    why: `the registry gave no advice (${reason})`,
  });
});

test('neither does anything else that npm may say', () => {
  expect(auditVerdict({ ok: false, output: 'npm is not here' })).toMatchObject({ is: 'not run' });
});
