package dev.stoa.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stoa.upstream.PoolFixture.Asked;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class RawReadsTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  /** Makes one piece of so many, as TLS does where a record is larger than what is read at once. */
  private static final class Joining extends ChannelInboundHandlerAdapter {
    private final ByteBuf record = Unpooled.buffer();
    private int missing;

    Joining(int pieces) {
      missing = pieces;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object piece) {
      record.writeBytes((ByteBuf) piece);
      if (--missing == 0) {
        ctx.fireChannelRead(record);
      }
    }
  }

  /** Netty stops after sixteen, whatever is left, which may be the beginning of a second answer. */
  @ParameterizedTest
  @CsvSource({"1, true", "15, true", "16, false"})
  void aConnectionIsGivenBackAtOnceOnlyWhereNothingIsLeftToRead(int pieces, boolean atOnce)
      throws Exception {
    PoolFixture fixture = new PoolFixture(PoolSettings.DEFAULT);
    boolean reused =
        fixture.on(
            () -> {
              ServerPool home = new ServerPool(fixture.pool(), fixture.origin());
              Connection connection = fixture.pool().connection(home);
              RawReads raw = new RawReads();
              connection.countBy(raw);
              EmbeddedChannel socket = new EmbeddedChannel(raw, new Joining(pieces), connection);
              socket.freezeTime(); // and with it what waits for another look at the sockets
              Asked first = new Asked();
              connection.take().request("GET", "/", first).end();

              for (int i = 0; i < pieces; i++) {
                int from = i * OK.length() / pieces;
                int to = (i + 1) * OK.length() / pieces;
                byte[] piece = OK.substring(from, to).getBytes(ISO_8859_1);
                socket.pipeline().fireChannelRead(Unpooled.wrappedBuffer(piece));
              }
              socket.pipeline().fireChannelReadComplete();

              Asked second = new Asked();
              home.take(20_000, true, second);
              return second.call != null;
            });

    assertEquals(atOnce, reused);
    fixture.close();
  }
}
