-- Adds jobs to graphile-worker's tables, in the order given; keys occur once. Not its `add_jobs`: with that, a job that is asked for
-- later could put off one that is due, a job that starts meanwhile could swallow the new one, and its NOTIFY inside the
-- transaction makes all commits wait for each other.
CREATE FUNCTION mairust_add_jobs(specs json) RETURNS void LANGUAGE plpgsql AS $$
declare
  missing text[];
  added text[];
begin
  insert into graphile_worker._private_tasks (identifier)
    select distinct spec->>'name' from json_array_elements(specs) spec
    where not exists (select 1 from graphile_worker._private_tasks where identifier = spec->>'name')
    on conflict do nothing;
  insert into graphile_worker._private_job_queues (queue_name)
    select distinct spec->>'queue' from json_array_elements(specs) spec
    where spec->>'queue' is not null
      and not exists (select 1 from graphile_worker._private_job_queues where queue_name = spec->>'queue')
    on conflict do nothing;
  insert into graphile_worker._private_jobs (task_id, job_queue_id, payload, run_at, max_attempts)
    select task.id, queue.id, spec->'payload', coalesce((spec->>'run_at')::timestamptz, clock_timestamp()),
      (spec->>'max_attempts')::int
    from json_array_elements(specs) with ordinality as given (spec, at)
    join graphile_worker._private_tasks task on task.identifier = spec->>'name'
    left join graphile_worker._private_job_queues queue on queue.queue_name = spec->>'queue'
    where spec->>'key' is null
    order by at;
  select array_agg(spec->>'key') into missing from json_array_elements(specs) spec where spec->>'key' is not null;
  while array_length(missing, 1) > 0 loop
    -- Until the end of the transaction no worker starts them.
    perform 1 from graphile_worker._private_jobs where key = any(missing) order by key for update;
    -- What runs has read the world before: the new one is for after it, and takes its place when it fails.
    update graphile_worker._private_jobs
      set key = null, attempts = max_attempts, flags = '{"superseded": true}'
      where key = any(missing) and locked_at is not null;
    update graphile_worker._private_jobs set key = null where key = any(missing) and attempts >= max_attempts;
    with done as (
      insert into graphile_worker._private_jobs as jobs (task_id, job_queue_id, payload, run_at, max_attempts, key)
        select task.id, queue.id, spec->'payload', coalesce((spec->>'run_at')::timestamptz, clock_timestamp()),
          (spec->>'max_attempts')::int, spec->>'key'
        from json_array_elements(specs) with ordinality as given (spec, at)
        join unnest(missing) wanted on wanted = spec->>'key'
        join graphile_worker._private_tasks task on task.identifier = spec->>'name'
        left join graphile_worker._private_job_queues queue on queue.queue_name = spec->>'queue'
        order by at
        on conflict (key) do update set
          task_id = excluded.task_id,
          job_queue_id = excluded.job_queue_id,
          payload = excluded.payload,
          run_at = least(jobs.run_at, excluded.run_at),
          max_attempts = excluded.max_attempts,
          attempts = 0,
          last_error = null,
          revision = jobs.revision + 1,
          updated_at = now()
          where jobs.locked_at is null and jobs.attempts < jobs.max_attempts
        returning key
    )
    select array_agg(key) into added from done;
    -- Another transaction added one meanwhile, and a worker has started it.
    select array_agg(key) into missing from (select unnest(missing) except select unnest(added)) rest (key);
  end loop;
end;
$$;
--> statement-breakpoint
CREATE INDEX mairust_jobs_running_idx ON graphile_worker._private_jobs (locked_by, locked_at) WHERE locked_at is not null;--> statement-breakpoint
CREATE INDEX mairust_jobs_failed_idx ON graphile_worker._private_jobs (run_at) WHERE not is_available and locked_at is null;
