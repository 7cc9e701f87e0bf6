package io.redrill.scheduler;

import io.redrill.scheduler.history.HistoryDatabase;
import io.redrill.scheduler.job.JobKind;
import io.redrill.scheduler.job.JobName;
import io.redrill.scheduler.job.RunTrigger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.quartz.CronScheduleBuilder;
import org.quartz.CronTrigger;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDataMap;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.DirectSchedulerFactory;
import org.quartz.impl.jdbcjobstore.JobStoreTX;
import org.quartz.impl.matchers.GroupMatcher;
import org.quartz.simpl.SimpleThreadPool;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;

/// Quartz, wound up for Redrill: the only class that drives it.
///
/// A job is stored under its kind (group) and source (name); its schedule is the trigger of the
/// same key. What Quartz stores is only *when*: the job itself is found by key at each tick, so
/// nothing of ours is serialised into the database.
final class Clockwork {

  /// The name under which Quartz's rows are stored; a constant, so that a restart finds them.
  private static final String NAME = "redrill";

  private static final int MAX_THREADS = 8;
  private static final String TRIGGER = "trigger";
  private static final AtomicLong POOLS = new AtomicLong();

  private final Scheduler quartz;

  private Clockwork(Scheduler quartz) {
    this.quartz = quartz;
  }

  /// Sets the stored schedules to those given, and does not start yet.
  static Clockwork wind(
      DataSource dataSource, Set<JobName> jobs, List<Schedule> schedules, JobRunner runner) {
    try {
      Clockwork clockwork =
          new Clockwork(open(dataSource, Math.clamp(jobs.size(), 1, MAX_THREADS)));
      try {
        clockwork.set(jobs, schedules, runner);
        return clockwork;
      } catch (SchedulerException e) {
        clockwork.quartz.shutdown();
        throw e;
      }
    } catch (SchedulerException e) {
      throw HistoryDatabase.failure(e);
    }
  }

  private void set(Set<JobName> jobs, List<Schedule> schedules, JobRunner runner)
      throws SchedulerException {
    quartz.setJobFactory((bundle, scheduler) -> new Tick(runner));
    forgetAllBut(jobs);
    for (JobName job : jobs) {
      quartz.addJob(detail(job), true);
    }
    schedule(schedules);
  }

  private static Scheduler open(DataSource dataSource, int threads) throws SchedulerException {
    String pool = NAME + "-" + POOLS.incrementAndGet();
    DBConnectionManager.getInstance()
        .addConnectionProvider(pool, new PooledConnections(dataSource));
    JobStoreTX store = new JobStoreTX();
    store.setDataSource(pool);
    // As text, so that nothing is ever deserialised from the database.
    store.setUseProperties("true");
    store.setMisfireThreshold(10_000);
    SimpleThreadPool workers = new SimpleThreadPool(threads, Thread.NORM_PRIORITY);
    workers.setThreadNamePrefix("redrill-job");
    workers.setMakeThreadsDaemons(true);
    DirectSchedulerFactory factory = DirectSchedulerFactory.getInstance();
    factory.createScheduler(NAME, NAME, workers, store);
    return factory.getScheduler(NAME);
  }

  private void forgetAllBut(Set<JobName> jobs) throws SchedulerException {
    for (JobKey key : quartz.getJobKeys(GroupMatcher.anyJobGroup())) {
      if (jobs.stream().noneMatch(job -> key(job).equals(key))) {
        quartz.deleteJob(key);
      }
    }
  }

  /// A trigger that is stored with the same expression stays as it is: it knows which ticks were
  /// missed while nobody was running.
  private void schedule(List<Schedule> schedules) throws SchedulerException {
    for (TriggerKey key : quartz.getTriggerKeys(GroupMatcher.anyTriggerGroup())) {
      if (schedules.stream().noneMatch(schedule -> triggerKey(schedule.job()).equals(key))) {
        quartz.unscheduleJob(key);
      }
    }
    for (Schedule schedule : schedules) {
      TriggerKey key = triggerKey(schedule.job());
      Trigger stored = quartz.getTrigger(key);
      if (stored == null) {
        quartz.scheduleJob(trigger(schedule));
      } else if (!(stored instanceof CronTrigger cron)
          || !cron.getCronExpression().equals(schedule.cron().expression())) {
        quartz.rescheduleJob(key, trigger(schedule));
      }
    }
  }

  private static JobDetail detail(JobName job) {
    return JobBuilder.newJob(Tick.class).withIdentity(key(job)).storeDurably().build();
  }

  private static CronTrigger trigger(Schedule schedule) {
    return TriggerBuilder.newTrigger()
        .withIdentity(triggerKey(schedule.job()))
        .forJob(key(schedule.job()))
        .withSchedule(
            CronScheduleBuilder.cronSchedule(schedule.cron().quartz())
                .withMisfireHandlingInstructionFireAndProceed())
        .build();
  }

  private static JobKey key(JobName job) {
    return JobKey.jobKey(job.source(), job.kind().name());
  }

  private static TriggerKey triggerKey(JobName job) {
    return TriggerKey.triggerKey(job.source(), job.kind().name());
  }

  private static JobName name(JobKey key) {
    return new JobName(key.getName(), JobKind.valueOf(key.getGroup()));
  }

  /// Starts the clock; if that fails, this has ended.
  void start() {
    try {
      try {
        quartz.start();
      } catch (SchedulerException e) {
        quartz.shutdown();
        throw e;
      }
    } catch (SchedulerException e) {
      throw HistoryDatabase.failure(e);
    }
  }

  void pause() {
    try {
      quartz.standby();
    } catch (SchedulerException e) {
      throw HistoryDatabase.failure(e);
    }
  }

  /// Ends Quartz.
  ///
  /// @param jobsEnded whether to wait until it has noted the end of the last ones; it would wait
  ///   for ever for jobs that do not give up
  void stop(boolean jobsEnded) {
    try {
      quartz.shutdown(jobsEnded);
    } catch (SchedulerException e) {
      throw HistoryDatabase.failure(e);
    }
  }

  boolean trigger(JobName job, RunTrigger trigger) {
    try {
      if (!quartz.checkExists(key(job))) {
        return false;
      }
      quartz.triggerJob(key(job), new JobDataMap(Map.of(TRIGGER, trigger.name())));
      return true;
    } catch (SchedulerException e) {
      throw HistoryDatabase.failure(e);
    }
  }

  Collection<Firing> nextFirings() {
    try {
      List<Firing> firings = new ArrayList<>();
      for (TriggerKey key : quartz.getTriggerKeys(GroupMatcher.anyTriggerGroup())) {
        Trigger trigger = quartz.getTrigger(key);
        if (trigger instanceof CronTrigger && trigger.getNextFireTime() != null) {
          firings.add(new Firing(name(trigger.getJobKey()), trigger.getNextFireTime().toInstant()));
        }
      }
      return firings;
    } catch (SchedulerException e) {
      throw HistoryDatabase.failure(e);
    }
  }

  /// What Quartz calls at a tick; it keeps two runs of one job from overlapping.
  @DisallowConcurrentExecution
  private record Tick(JobRunner runner) implements Job {

    @Override
    public void execute(JobExecutionContext context) {
      JobName job = name(context.getJobDetail().getKey());
      Optional<String> asked =
          Optional.ofNullable(context.getMergedJobDataMap().getString(TRIGGER));
      if (asked.isPresent()) {
        runner.run(job, RunTrigger.valueOf(asked.get()));
      } else {
        runner.tick(job, context.getScheduledFireTime().toInstant());
      }
    }
  }

  /// The daemon's pool, as Quartz wants to see it; the daemon opens and closes it.
  private record PooledConnections(DataSource dataSource) implements ConnectionProvider {

    @Override
    public Connection getConnection() throws SQLException {
      return dataSource.getConnection();
    }

    @Override
    public void initialize() {}

    @Override
    public void shutdown() {}
  }
}
