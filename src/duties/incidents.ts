/** Incidents: the door to how ready everything is for one, to the law's clocks, and to where their keys belong. */
export { type IncidentsStanding, incidentsStanding, seeToClocks } from './incidents/standing.ts';
export { drillIncident } from './incidents/register.ts';
export { incidentKeyPlace, wordPlace } from './incidents/words.ts';
