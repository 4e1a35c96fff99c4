// An executor of blocks by threads, as they come (level 1). It computes from what it read before it took its locks, which is its bug; with the argument
// "right" it reads again. Run it with: java Batch.java
import java.io.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.locks.*;
import java.util.regex.*;

public class Batch {
  record Operation(String op, String key, String to, long amount) {}
  record Transaction(String name, List<Operation> operations, TreeSet<String> keys) {}
  static String field(String object, String name) {
    Matcher m = Pattern.compile('"' + name + "\":\"?([\\w-]+)").matcher(object);
    return m.find() ? m.group(1) : "";
  }

  // each is what an expression finds in a text.
  static List<MatchResult> each(String expression, String text) { return Pattern.compile(expression).matcher(text).results().toList(); }

  static Transaction transaction(MatchResult object) {
    Transaction t = new Transaction(field(object.group(), "name"), new ArrayList<>(), new TreeSet<>());
    for (MatchResult m : each("\\{[^{}]*\\}", object.group(1))) {
      String o = m.group(), amount = field(o, "amount");
      t.operations.add(new Operation(field(o, "op"), field(o, "key"), field(o, "to"), amount.isEmpty() ? 0 : Long.parseLong(amount)));
      t.keys.addAll(List.of(field(o, "key"), field(o, "to")));
    }
    t.keys.remove("");
    return t;
  }

  // apply makes of what the transaction has read what it leaves; false if it fails.
  static boolean apply(Transaction t, Map<String, Long> state) {
    for (Operation o : t.operations) {
      if (o.op.equals("write")) state.put(o.key, o.amount);
      if (o.op.equals("add")) state.merge(o.key, o.amount, Long::sum);
      if (!o.op.equals("transfer")) continue;
      if (state.get(o.key) < o.amount) return false;
      state.merge(o.key, -o.amount, Long::sum);
      state.merge(o.to, o.amount, Long::sum);
    }
    return true;
  }

  static Map<String, Long> look(Transaction t, Map<String, Long> state) {
    Map<String, Long> seen = new TreeMap<>();
    for (String k : t.keys) seen.put(k, state.getOrDefault(k, 0L));
    LockSupport.parkNanos(100_000); // another thread may go on
    return seen;
  }

  static String run(String block, boolean right) throws Exception {
    Map<String, Long> state = new ConcurrentHashMap<>();
    for (MatchResult m : each("\"(\\w+)\":(-?\\d+)", each("\"initial\":\\{([^}]*)\\}", block).get(0).group(1))) state.put(m.group(1), Long.parseLong(m.group(2)));
    Queue<Transaction> queue = new ConcurrentLinkedQueue<>(each("\\{[^{}]*\"operations\":\\[([^\\]]*)\\][^{}]*\\}", block).stream().map(Batch::transaction).toList());
    Map<String, Lock> locks = new ConcurrentHashMap<>();
    List<String> order = new CopyOnWriteArrayList<>(), failed = new CopyOnWriteArrayList<>();
    ExecutorService workers = Executors.newCachedThreadPool();
    for (int i = Integer.parseInt(field(block, "workers")); i > 0; i--) workers.execute(() -> {
      for (Transaction t = queue.poll(); t != null; t = queue.poll()) {
        Map<String, Long> seen = look(t, state);
        for (String k : t.keys) locks.computeIfAbsent(k, any -> new ReentrantLock()).lock();
        if (right) seen = look(t, state);
        if (apply(t, seen)) state.putAll(seen); else failed.add('"' + t.name + '"');
        order.add('"' + t.name + '"');
        for (String k : t.keys) locks.get(k).unlock();
      }
    });
    workers.shutdown();
    workers.awaitTermination(1, TimeUnit.HOURS);
    return "{\"state\":" + state.toString().replaceAll("(\\w+)=", "\"$1\":") + ",\"order\":" + order + ",\"failed\":" + failed + "}";
  }

  public static void main(String[] args) throws Exception {
    BufferedReader requests = new BufferedReader(new FileReader("/dev/fd/3"));
    PrintStream answers = new PrintStream(new FileOutputStream("/dev/fd/4"), true);
    answers.println("{\"protocol\":1,\"name\":\"java\",\"kinds\":[\"batch\"],\"levels\":[1]}");
    for (String line; (line = requests.readLine()) != null; )
      answers.println("{\"id\":" + field(line, "id") + ",\"observation\":" + run(line, List.of(args).contains("right")) + "}");
  }
}
