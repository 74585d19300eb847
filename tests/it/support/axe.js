// Runs axe-core over the page, all that it runs by itself or some of its rules, and hands over one line for each violation
// and place.
const [rules, done] = arguments;
axe.run(document, {resultTypes: ['violations'], ...(rules && {runOnly: {type: 'rule', values: rules}})}).then(
    found => done(found.violations.flatMap(rule =>
        rule.nodes.map(node => `${rule.id}: ${rule.help}: ${node.target.join(' ')}: ${node.failureSummary}`))),
    error => done([`axe itself failed: ${error}`]));
