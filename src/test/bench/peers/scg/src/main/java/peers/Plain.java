package peers;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Its routes and its port come with {@code --spring.config.location}. */
@SpringBootApplication
public class Plain {
  public static void main(String[] args) {
    SpringApplication.run(Plain.class, args);
  }
}
