namespace Serverless940.Core.Voice;

/// <summary>One thing that the caller hears: a closed set.</summary>
public abstract record Prompt
{
    private Prompt()
    {
    }

    /// <summary>A text of the catalogue, which can also be a recorded file of this name.</summary>
    /// <param name="Language">Another language than the call's.</param>
    public sealed record Clip(string Name, string? Language = null) : Prompt;

    /// <summary>Words of the policy or of staff.</summary>
    /// <param name="Name">Name of their recording; <see langword="null"/> when nobody can have recorded them.</param>
    public sealed record Words(string? Name, string Text) : Prompt;

    /// <summary>Digits and letters one by one, with a rest after each group.</summary>
    public sealed record Spelled(string Text) : Prompt;
}

/// <summary>What the telephone waits for after the prompts: a closed set.</summary>
public abstract record CallWait
{
    private CallWait()
    {
    }

    /// <summary>Keys.</summary>
    /// <param name="Count">So many end the wait by themselves; the hash key always does.</param>
    /// <param name="Seconds">Silence after which the step hears nothing.</param>
    public sealed record Keys(int? Count, int Seconds = 6) : CallWait;

    /// <summary>A voice, until the hash key, a silence or the limit.</summary>
    public sealed record Voice(int Seconds) : CallWait;

    /// <summary>An agent at this number.</summary>
    public sealed record Agent(string Phone) : CallWait;

    /// <summary>Nothing: the call ends.</summary>
    public sealed record HangUp : CallWait;
}
