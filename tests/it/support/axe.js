// Runs axe-core over the page and hands over one line for each violation and place.
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ['violations']}).then(
    found => done(found.violations.flatMap(rule =>
        rule.nodes.map(node => `${rule.id}: ${rule.help}: ${node.target.join(' ')}: ${node.failureSummary}`))),
    error => done([`axe itself failed: ${error}`]));
