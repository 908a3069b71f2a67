/** The policy that comes with Sotto, in Markdown, to begin with: an organisation saves its own and approves that. */
export const firstPolicy = `# What we do when something goes wrong

## What an incident is
Anything that puts at risk what customers tell us: it is read, taken, changed or lost, or somebody could do so who should not. Whoever is in doubt declares one. Nobody is blamed for having declared one, nor for having made the mistake that led to it and said so.

## Who does what
- The lead decides, and sees to it that everything is done and written down.
- Technical finds out what happened, contains it and mends it.
- Privacy says whom the law wants told, and tells them.
- Communications speaks to customers, staff and the press. Nobody else does.

Each has a deputy, who steps in without being asked when the other can not be reached within fifteen minutes. How both are reached stands beside their names, and they have it on paper too.

## How grave it is
- Critical: customers' data is in wrong hands or being taken now, or nobody can work. Everything else stops.
- High: an account, a key or a device is in wrong hands, or data may have been read. Somebody leads within an hour.
- Moderate: a safeguard has failed, and nothing shows that data was read or lost. It is begun on the same day.
- Low: something that should not have been, without danger to anybody's data. It is begun within a week.

People come first, then their data, then evidence, then going on with work.

## In which order
1. Detect: what happened, since when, and to whose data?
2. Contain: stop it from getting worse. Rather too much than too late; what was locked can be unlocked.
3. Eradicate: take away what made it possible.
4. Recover: work as usual again, and watch closely.
5. Follow up: write down what was learnt, and who changes what by when.

Nothing is deleted or tidied up before the lead says so: it may be evidence. Everything that is decided is noted in the incident, with why.

## Whom we tell, and until when
- The supervisory authority, within 72 hours of becoming aware, unless there is unlikely to be a risk to anybody (GDPR, article 33). What is not known yet is told later; nobody waits for it.
- The people themselves, without undue delay, where the risk to them is high (GDPR, article 34).
- Where we handle health information of the United States: the individuals without unreasonable delay and within 60 days of discovery, and the Secretary of HHS (45 CFR 164.404 to 164.408).
- Customers for whom we process data: as our contracts with them say, and without undue delay.

If we find that nobody has to be told, we write down why.

## How we stay ready
- Everybody who works in the chat knows what to do in the first ten minutes.
- Once a quarter we play an incident, and mend what did not work.
- Once a year, and after each grave incident, this policy is read, changed where it has to be, and approved again.
`;
