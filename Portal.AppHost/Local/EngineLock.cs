using System.Text.Json;
using Portal.AppHost.Processes;

namespace Portal.AppHost.Local;

/// <summary>One engine per state folder. The system lets go of the lock when its holder ends, however it ends.</summary>
internal sealed class EngineLock : IDisposable
{
    private readonly FileStream _file;
    private readonly string _note;

    private EngineLock(FileStream file, string note) => (_file, _note) = (file, note);

    /// <summary>The lock, or null when another engine has it.</summary>
    public static EngineLock? TryTake(StateFolder folder)
    {
        Directory.CreateDirectory(folder.Root);
        try
        {
            var held = new EngineLock(new FileStream(folder.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), Note(folder));
            File.WriteAllText(held._note, JsonSerializer.Serialize(ProcessIdentity.Own, StateFile.Json));
            return held;
        }
        catch (IOException) when (File.Exists(folder.Lock))
        {
            return null;
        }
    }

    /// <summary>The engine that runs right now, or null when none does.</summary>
    public static ProcessIdentity? Holder(StateFolder folder)
    {
        try
        {
            return JsonSerializer.Deserialize<ProcessIdentity>(File.ReadAllText(Note(folder)), StateFile.Json) is { IsAlive: true } holder ? holder : null;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        File.Delete(_note);
        _file.Dispose();
    }

    // The locked file itself can't be read by others.
    private static string Note(StateFolder folder) => Path.Combine(folder.Root, "engine.json");
}
