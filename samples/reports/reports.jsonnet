local team = std.extVar('team');

local report(name, schedule) = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: name, labels: { team: team } },
  spec: {
    schedule: schedule,
    jobTemplate: {
      spec: {
        template: {
          spec: {
            restartPolicy: 'Never',
            containers: [{ name: 'report', image: 'registry.example.com/reports/' + name + ':1.1.0' }],
          },
        },
      },
    },
  },
};

[
  report('daily-sales', '0 6 * * *'),
  report('weekly-stock', '0 7 * * 1'),
]
